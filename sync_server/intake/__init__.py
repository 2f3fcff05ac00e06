"""One arriving submission, from bytes to receipt, and everything that follows from it.

``taking`` is the way in and keeps what arrives; ``opening`` checks and opens it;
``judging`` compares it with what is held; ``believing`` asks whose it is;
``following`` owes what it makes owed,
and ``taking_up`` sets going again what a death had stopped that was none.
``aside`` is what was kept apart from its record, ``settling`` how a person ends that,
``stopped`` how one lets count what a handheld had sealed before it was stopped.
"""

from sync_server.intake.judging import Arrival, judge
from sync_server.intake.opening import Sender
from sync_server.intake.taking import Outcome, Result, take_in

__all__ = ["Arrival", "Outcome", "Result", "Sender", "judge", "take_in"]
