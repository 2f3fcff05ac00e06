"""What an officer says of a task: kept at once, sent when there is a way, counted once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from booklets.duties import Act, Acted, still_missing
from booklets.entities import new_id
from booklets.errors import NotAllowedNow
from field_app.capture.duties import Duty, Said, Way
from field_app.store.keeper import Keeper
from field_app.store.said import SaidOfTasks
from field_app.store.sealed_table import VaultDB

MISSING = {
    "outcome": "Say how it ended.",
    "delay_reason": "This is late. Say why.",
    "words": "Say it in a few words of your own.",
}
ALREADY_SAID = "You have said so already. It goes by itself."


class Duties:
    """The tasks of one officer. What touches the vault waits for the keeper."""

    def __init__(
        self, db: VaultDB, *, keeper: Keeper, now: Callable[[], datetime], kick: Callable[[], None]
    ) -> None:
        self._db = db
        self._keeper = keeper
        self._now = now
        self._kick = kick

    def said_here(self) -> list[Said]:
        """What was said on this device, for whoever is on the keeper's thread."""
        return [
            Said(Acted.from_json(one["message"]), Way(one["way"]), one["why"])
            for one in SaidOfTasks(self._db).all()
        ]

    def say(
        self, duty: Duty, act: Act, *, outcome: str = "", delay_reason: str = "", words: str = ""
    ) -> None:
        """Take it on, close it, or say why it is late. Refused while something has to be said yet."""
        now = self._now()
        said = Acted(
            id=new_id(),
            task=duty.task,
            act=act,
            at=now,
            outcome=outcome,
            delay_reason=delay_reason,
            words=words.strip(),
        )
        missing = still_missing(said, late=duty.late(now), reason_known=bool(duty.delay_reason))
        if missing:
            raise NotAllowedNow(" ".join(MISSING[one] for one in missing))
        if duty.on_its_way:
            raise NotAllowedNow(ALREADY_SAID)
        self._keeper.call(lambda: SaidOfTasks(self._db).put(said.to_json())).result()
        self._kick()
