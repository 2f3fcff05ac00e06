"""``python -m field_app``: the app on this machine; ``--web`` shows it in a browser."""

from field_app.app import main

if __name__ == "__main__":
    main()
