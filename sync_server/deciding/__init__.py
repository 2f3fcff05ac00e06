"""Who decides what about a record, and what comes of it. Every move of a record is made here.

``states`` says which moves there are; ``verdicts`` makes one, or says why it does not count;
``sealed`` reads a supervisor's decision out of the record it arrived in; ``withdrawing`` is what
follows when an officer takes a record back; ``waiting`` looks after what was sent back and is not answered;
``telling`` is what phones hear of all that.
"""

from sync_server.deciding.verdicts import Standing, Verdict, decide

__all__ = ["Standing", "Verdict", "decide"]
