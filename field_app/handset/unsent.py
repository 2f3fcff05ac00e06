"""What is unsent here, of which the force keeps a sealed copy: which, as it was saved when.

Nothing leaves the vault but sealed to the force. Photographs stay: they lie on the phone that took them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from booklets.answers import instant, read_instant
from booklets.entities import new_id
from booklets.handing_on import Given, posted_draft
from field_app.capture.submit import Signature
from field_app.store.drafts import DRAFTS, DraftStore
from field_app.store.keeper import Keeper
from field_app.store.notes import Notes
from field_app.store.sealed_table import VaultDB

KEPT = "unsent_kept"


class UnsentPort:
    """The drafts of one officer, as far as the courier copies them to the force."""

    def __init__(
        self,
        db: VaultDB,
        *,
        keeper: Keeper,
        now: Callable[[], datetime],
        officer: Callable[[], str],
        signature: Callable[[], Signature],
        not_mine: Callable[[], frozenset[str]],
    ) -> None:
        self._db, self._keeper, self._now = db, keeper, now
        self._officer, self._signature, self._not_mine = officer, signature, not_mine

    def there(self) -> Mapping[str, int] | None:
        """Each draft with the number of its state; not what somebody else may have. None: nothing to say."""
        return self._keeper.call(self._there).result()

    def _there(self) -> dict[str, int] | None:
        if self._db.read_only:
            return None
        away = self._not_mine()
        found = {one: state for one, state in _states(self._db).items() if one not in away}
        return None if not found and Notes(self._db).get(KEPT) is None else found

    def sealed(self, encounter: str, version: int) -> bytes | None:
        """A copy of one draft as it was saved then."""
        return self._keeper.call(self._sealed, encounter, version).result()

    def _sealed(self, encounter: str, version: int) -> bytes | None:
        draft = DraftStore(self._db).get(encounter)
        if draft is None or (self._there() or {}).get(encounter) != version:
            return None
        if Notes(self._db).get(KEPT) is None:  # first: whatever the force gets, it is asked to let go of
            self._note({})
        signature = self._signature()
        return posted_draft(
            Given(id=new_id(), to="", at=self._now(), draft=draft),
            force=str(draft["force"]),
            device=signature.device,
            officer=self._officer(),
            to=signature.recipients,
            signer=signature.signer,
            version=version,
        )

    def kept(self, there: Mapping[str, int]) -> None:
        """Remember what the force has, for the screen to say so."""
        self._keeper.call(self._kept, dict(there)).result()

    def _kept(self, there: dict[str, int]) -> None:
        if there:
            self._note(there)
        else:
            Notes(self._db).remove(KEPT)

    def _note(self, there: dict[str, int]) -> None:
        Notes(self._db).set(KEPT, {"at": instant(self._now()), "drafts": there})


def copied_here(db: VaultDB) -> Mapping[str, datetime]:
    """Since when the force has a copy of each draft, as it lies here now: those that changed since lack."""
    noted = Notes(db).get(KEPT)
    if noted is None:
        return {}
    at, now = read_instant(noted["at"]), _states(db)
    return {one: at for one, state in noted["drafts"].items() if now.get(one) == state}


def _states(db: VaultDB) -> dict[str, int]:
    """Every draft with the number of its state: opened again only where it has changed."""
    rows = db.rows
    return {
        str(rows.made_of(DRAFTS, rid, dict)["id"]): rows.state_of(DRAFTS, rid) for rid in rows.rids(DRAFTS)
    }
