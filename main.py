"""Where Flet starts the app on a phone; everything else is in ``field_app``."""

from field_app.app import main

if __name__ == "__main__":
    main()
