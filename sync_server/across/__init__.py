"""What no single record shows: the same child, place or adult again, and what should have come since.

``seen`` reads of the register what the rules look at, ``same`` says which mentions are one person or one
place, and each rule is a pure function from what was seen to findings, in a module of its own. ``asking``
sets a task for each finding; ``looking`` is the thread that does all this for as long as the server runs.
"""

from sync_server.across.asking import look
from sync_server.across.looking import LookAcross

__all__ = ["LookAcross", "look"]
