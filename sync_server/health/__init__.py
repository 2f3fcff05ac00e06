"""How a running server is, for whoever watches it: whether it can work, and figures without a name.

``ready`` looks whether everything that it needs is there, ``counting`` counts what this process is asked,
``queues`` reads what waits from the database when somebody asks. No label of a figure can hold a name: they
are codes, routes, kinds of systems, and units of the force.
"""

from sync_server.health.counting import Figures
from sync_server.health.ready import Check, look

__all__ = ["Check", "Figures", "look"]
