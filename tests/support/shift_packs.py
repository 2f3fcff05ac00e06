"""What a handheld is given of the children who are known in its unit: one session's shift pack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from booklets import wire
from booklets.answers import Answer, frozen
from booklets.entities import Entity
from booklets.forms import Stage
from booklets.records import Record
from booklets.sealing import open_return
from sync_server import feed
from sync_server.shift_pack import giving
from tests.support.builders import UNIT, a_header, an_id
from tests.support.server_data import Handheld


@dataclass
class Pack:
    """One session's pack on one handheld, which keeps what it is given."""

    handheld: Handheld
    session: str = "shift of the evening"
    roles: tuple[str, ...] = ("officer",)
    unit: str = UNIT
    cursor: str = ""
    seen: list[int] = field(default_factory=list)
    bytes_taken: int = 0

    def pulls(self, limit: int = feed.MOST) -> list[dict[str, Any]]:
        """Ask for what is new until there is no more, and what came of the pack."""
        context = self.handheld.context
        reader = replace(self.handheld.reader(*self.roles, unit=self.unit), session=self.session)
        found: list[dict[str, Any]] = []
        more = True
        while more:
            page = giving.news(context, reader, self.cursor, limit)
            self.cursor, more = page.next, page.more
            for item in page.items:
                if item.kind == giving.SHIFT_PACK:
                    self.seen.append(item.seq)
                    self.bytes_taken += len(item.body)
                    found.append(self._opened(item.body))
        return found

    def _opened(self, sealed: bytes) -> dict[str, Any]:
        keys = self.handheld.context.keys.directory
        _, body = open_return(sealed, device=self.handheld.device, key=self.handheld.kem, directory=keys)
        return wire.unsqueezed(body)


def a_plan(night: Record, answers: Mapping[str, Answer], *others: Entity) -> Record:
    """The trigger plan of the child of a night."""
    child = next(one for one in night.entities if one.id == night.header.subject)
    ids = {part: an_id(f"plan {part} {child.id}") for part in ("record", "encounter", "episode", "incident")}
    return Record(
        header=a_header("trg", subject=child.id, **ids),
        stage=Stage.CAPTURE,
        answers=frozen(dict(answers)),
        entities=(child, *others),
        tasks=(),
        reasons={},
    )
