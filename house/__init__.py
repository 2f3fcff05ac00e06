"""How this repository is set up and started on one machine.

Nothing here is part of the product: words of the Makefile come here when they
need more than one line.

    ready.py     the environment and the browser: made ready, or named as missing
    assets.py    the console's style sheet and axe-core, from npm
    browser.py   where a Chromium is, and how to get one
    run.py       server and app together, as ``make run`` starts them
    parts.py     runs the parts of bench/ and faults/, one process each

``ready``, ``assets`` and ``browser`` run before anything is installed, so they use the
standard library only.
"""
