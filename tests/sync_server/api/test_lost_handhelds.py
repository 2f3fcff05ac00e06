"""A handheld that is lost, and a PIN that is forgotten, as the server sees them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from booklets.entities import new_id
from booklets.sealing import (
    Order,
    compare_code,
    open_on_device,
    read_order,
    read_policy,
    read_receipt,
    seal_for_holder,
)
from sync_server.audit import entries_of
from sync_server.db.identity import device
from sync_server.db.tables import record as register
from sync_server.db.tables import submission
from sync_server.handhelds import HandheldRefused, orders, policies, recovery
from sync_server.handhelds.orders import Decision, Older, Reason, What
from sync_server.handhelds.recovery import Checked, Stage
from sync_server.identity import devices
from sync_server.intake import stopped
from sync_server.keys.holder import holder_keys
from tests.support.devices import Handheld, b64url, from_b64url
from tests.support.servers import FORCE, LiveServer

REPORT = {"queued": 0, "drafts": 1, "vault_head": 40, "app_version": "0.1.0"}
VAULT = bytes(range(16))
VAULT_KEY = b"k" * 32


def decided(server: LiveServer, handheld: Handheld, what: What) -> int:
    """An administrator decides about a handheld."""
    context = server.context
    decision = Decision(what=what, reason=Reason.LOST, words="left on a bus", by="an admin")

    def work(db: Any) -> int:
        found = devices.find(db, handheld.id)
        assert found is not None
        return orders.decide(context, db, found, decision, now=context.now())

    return context.store.write(work)


def order_in(server: LiveServer, handheld: Handheld, answer: Any, after: int = 0) -> Order:
    """The signed order that a refusal carries."""
    root = server.context.keys.root.public
    return read_order(from_b64url(answer.json()["order"]), root, device=handheld.id, after=after)


def what_was_noted(server: LiveServer, handheld: Handheld) -> list[str]:
    """The audit chain of a handheld."""
    with server.context.store.read() as db:
        return [one["what"] for one in entries_of(db, f"device:{handheld.id}")]


@pytest.mark.parametrize(
    ("what", "cmd"), [(What.SUSPEND, "stop"), (What.REVOKE, "stop"), (What.WIPE, "wipe")]
)
def test_a_stopped_handheld_is_told_so_by_the_roots_own_word(
    signed_in: Handheld, server: LiveServer, what: What, cmd: str
) -> None:
    """At whatever it asks next; its officer's session is over too, and who did it and why is kept."""
    number = decided(server, signed_in, what)

    for answer in (
        signed_in.send("POST", "/v1/status", json=REPORT),
        signed_in.as_officer("GET", "/v1/changes"),
        signed_in.refreshed(),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "device_not_active")
        assert order_in(server, signed_in, answer).cmd == cmd
    assert signed_in.send("POST", "/v1/orders/heard", json={"number": number, "done": True}).is_success
    assert signed_in.send("POST", "/v1/orders/heard", json={"number": number, "done": True}).is_success
    assert what_was_noted(server, signed_in) == [
        "enrolled",
        f"handheld {what.value}",
        "order heard_at",
        "order done_at",
    ]


def test_a_handheld_that_is_let_in_again_is_let_in_and_an_older_order_counts_no_more(
    signed_in: Handheld, server: LiveServer
) -> None:
    """A suspension can be taken back; whoever was told to wipe itself cannot come back."""
    decided(server, signed_in, What.SUSPEND)
    decided(server, signed_in, What.LET_IN)

    assert signed_in.send("POST", "/v1/status", json=REPORT).is_success
    decided(server, signed_in, What.WIPE)
    wipe = signed_in.send("POST", "/v1/status", json=REPORT)
    assert order_in(server, signed_in, wipe, after=1).number == 3
    for what in What:
        with pytest.raises(HandheldRefused):
            decided(server, signed_in, what)


def rows_of(server: LiveServer, handheld: Handheld) -> list[tuple[str, str]]:
    """How what came from a handheld is kept."""
    query = select(submission.c.state, submission.c.reason).where(submission.c.device == handheld.id)
    with server.context.store.read() as db:
        return [(row.state, row.reason) for row in db.execute(query.order_by(submission.c.seq))]


def hands_over(handheld: Handheld, sealed: bytes) -> Any:
    """Send what was sealed before, with nobody signed in."""
    kind = {"Content-Type": "application/vnd.homeward.sealed"}
    return handheld.send("POST", "/v1/submissions/sealed-before", content=sealed, headers=kind)


def test_an_older_copy_is_accepted_by_a_word_of_the_roots_that_is_told_until_it_was_heard(
    signed_in: Handheld, server: LiveServer
) -> None:
    """With the answer to what a locked handheld says of itself; and never for one that is stopped."""
    context, vault = server.context, VAULT.hex()
    says = {**REPORT, "older_vault": vault, "older_found": 40}
    assert "order" not in signed_in.send("POST", "/v1/status", json=says).json()

    def accepted(words: str, of: str = vault) -> int:
        decision = Decision(what=What.ACCEPT, reason=Reason.CHECKED, words=words, by="an admin")

        def work(db: Any) -> int:
            found = devices.find(db, signed_in.id)
            assert found is not None
            older = Older(of, 40)
            return orders.accept_older(context, db, found, older, decision, now=context.now())

        return context.store.write(work)

    for words, of in ((" ", vault), ("a spoilt card", "no vault")):
        with pytest.raises(HandheldRefused):
            accepted(words, of)
    number = accepted("a spoilt card")

    for _ in range(2):
        told = order_in(server, signed_in, signed_in.send("POST", "/v1/status", json=REPORT))
        assert (told.cmd, told.vault, told.count, told.number) == ("accept", vault, 40, number)
    assert signed_in.send("POST", "/v1/orders/heard", json={"number": number, "done": True}).is_success
    assert "order" not in signed_in.send("POST", "/v1/status", json=REPORT).json()
    assert what_was_noted(server, signed_in)[-2:] == ["order heard_at", "order done_at"]
    decided(server, signed_in, What.SUSPEND)
    with pytest.raises(HandheldRefused, match="in use"):
        accepted("a spoilt card")


def test_what_waits_in_a_locked_vault_counts_although_nobody_is_signed_in(
    signed_in: Handheld, server: LiveServer
) -> None:
    """The handheld signed it while its officer was there, and the officer had signed in on it."""
    sealed = signed_in.seal(signed_in.record(record=new_id()))

    first, again = hands_over(signed_in, sealed), signed_in.submit(sealed)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.content == first.content
    assert rows_of(server, signed_in) == [("stored", "")]


def test_what_a_stopped_handheld_had_sealed_is_kept_apart_until_somebody_lets_it_count(
    signed_in: Handheld, server: LiveServer
) -> None:
    """Nothing well-formed is lost, and a thief makes nothing that counts."""
    record = signed_in.record(record=new_id())
    sealed, context = signed_in.seal(record), server.context
    decided(server, signed_in, What.WIPE)

    first, again = hands_over(signed_in, sealed), hands_over(signed_in, sealed)

    assert (first.status_code, again.status_code, again.content) == (201, 200, first.content)
    assert read_receipt(first.content, context.keys.directory).rev == 1
    assert rows_of(server, signed_in) == [("quarantined", "handheld_stopped")]
    with context.store.read() as db:
        assert (
            db.execute(select(register).where(register.c.record == str(record.header.record))).first()
            is None
        )
        found = devices.find(db, signed_in.id)
    assert found is not None

    counted = context.store.write(
        lambda db: stopped.let_count(context, db, found, by="an admin", now=context.now())
    )

    assert counted == (1, 0)
    assert rows_of(server, signed_in) == [("quarantined", "handheld_stopped"), ("stored", "")]
    with context.store.read() as db:
        assert stopped.kept_of(context, db, found) == []


def test_broken_bytes_of_a_stopped_handheld_are_kept_as_they_came(
    signed_in: Handheld, server: LiveServer
) -> None:
    """Without a receipt, as ever: it is not known to be anything."""
    decided(server, signed_in, What.REVOKE)

    answer = hands_over(signed_in, b"HWD1 and nothing more")

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert rows_of(server, signed_in) == [("quarantined", "malformed")]


def test_a_policy_that_changes_reaches_a_handheld_that_has_an_older_one(
    enrolled: Handheld, server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signed, under a higher number; one that has it already is told nothing."""
    context = server.context
    before = policies.current(context, FORCE, now=context.now())
    changed = {**before.policy, "keep_readable_minutes": 5}
    with monkeypatch.context() as patched:
        patched.setattr(policies, "what_a_handheld_does", lambda _policy: changed)
        told = enrolled.send("POST", "/v1/status", json={**REPORT, "policy": before.number})
        signed = read_policy(
            from_b64url(told.json()["policy"]), context.keys.root.public, force=FORCE, after=before.number
        )
        assert signed.policy["keep_readable_minutes"] == 5
        again = enrolled.send("POST", "/v1/status", json={**REPORT, "policy": signed.number})
        assert again.json() == {}


def test_a_locked_handheld_says_only_what_it_can_count(enrolled: Handheld, server: LiveServer) -> None:
    """What it said of its drafts while it was open stays."""
    enrolled.send("POST", "/v1/status", json=REPORT)
    assert enrolled.send("POST", "/v1/status", json={"queued": 2, "app_version": "0.1.0"}).is_success
    with server.context.store.read() as db:
        report = db.execute(select(device.c.report).where(device.c.id == enrolled.id))
        assert report.scalar_one() == {"queued": 2, "drafts": 1, "vault_head": 40}


# -- a forgotten PIN ---------------------------------------------------------------------------------
def question(server: LiveServer, handheld: Handheld, *, whose: str = "", **changed: Any) -> dict[str, Any]:
    """What a locked handheld asks."""
    to = server.context.keys.directory.recipients((1,))[1]
    sealed = seal_for_holder(to, VAULT_KEY, VAULT, whose or handheld.officer)
    said = {"vault": b64url(VAULT), "officer": handheld.officer, "kid": to.kid, "sealed": b64url(sealed)}
    return {**said, **changed}


def approves(server: LiveServer, row: Any, by: str, code: str = "", checked: Checked | None = None) -> Any:
    """An administrator agrees."""
    context = server.context
    return context.store.write(
        lambda db: recovery.approve(
            db, FORCE, row["id"], by=by, code=code, checked=checked, now=context.now()
        )
    )


def the_request(server: LiveServer, handheld: Handheld) -> Any:
    """The newest open request of a handheld."""
    with server.context.store.read() as db:
        rows = recovery.open_ones(db, FORCE, now=server.context.now())
    return next(one for one in reversed(rows) if one["device"] == handheld.id)


def test_two_administrators_give_a_vaults_key_back_to_its_handheld_alone(
    signed_in: Handheld, server: LiveServer
) -> None:
    """Asked, agreed by one, agreed by another, sealed to the device, and over once it was used."""
    context, asked = server.context, question(server, signed_in)
    said = signed_in.send("POST", "/v1/recovery", json=asked).json()
    assert said["state"] == "asked"
    assert said["code"] == compare_code(signed_in.id, VAULT, from_b64url(asked["sealed"]))

    row = the_request(server, signed_in)
    with pytest.raises(HandheldRefused, match="not the code"):
        approves(server, row, "admin 1", "BBBB-BBBB", Checked.RANG_BACK)
    with pytest.raises(HandheldRefused, match="how you made sure"):
        approves(server, row, "admin 1", said["code"])
    with pytest.raises(HandheldRefused, match="own vault"):
        approves(server, row, signed_in.officer, said["code"], Checked.RANG_BACK)
    approves(server, row, "admin 1", said["code"].lower().replace("-", " "), Checked.RANG_BACK)
    with pytest.raises(HandheldRefused, match="Another administrator"):
        approves(server, row, "admin 1")
    with pytest.raises(HandheldRefused, match="Two administrators"):
        answered(server, row)
    approves(server, row, "admin 2")
    answered(server, row)

    ready = signed_in.send("POST", "/v1/recovery", json=asked).json()
    assert open_on_device(signed_in.kem, from_b64url(ready["answer"]), VAULT) == VAULT_KEY
    assert signed_in.send("POST", "/v1/recovery/used", json={"vault": asked["vault"]}).is_success
    after = signed_in.send("POST", "/v1/recovery", json=asked).json()
    assert (after["state"], "answer" in after) == ("done", False)
    with context.store.read() as db:
        found = recovery.find(db, FORCE, row["id"])
    assert found is not None
    assert bytes(found["answer"]) == b""
    assert what_was_noted(server, signed_in)[1:] == [
        "recovery asked",
        "recovery approved once",
        "recovery agreed",
        "vault key disclosed",
        "vault opened again",
    ]


def answered(server: LiveServer, row: Any) -> None:
    """The holder seals the key to the device."""
    context = server.context
    keys = holder_keys(context.settings.keys)
    context.store.write(
        lambda db: recovery.answer(db, row["id"], keys, by="holder", now=context.now(), force=FORCE)
    )


def test_a_request_that_nobody_answers_in_time_is_over_and_can_be_asked_again(
    signed_in: Handheld, server: LiveServer
) -> None:
    """Four hours for the first word, one more for the second; the same question alone asks nothing new."""
    asked = question(server, signed_in)
    signed_in.send("POST", "/v1/recovery", json=asked)
    row = the_request(server, signed_in)
    approves(server, row, "admin 1", row["code"], Checked.IN_PERSON)
    server.clock.later(minutes=61)
    with pytest.raises(HandheldRefused, match="does not wait"):
        approves(server, row, "admin 2")

    assert signed_in.send("POST", "/v1/recovery", json=asked).json()["state"] == Stage.OVER
    assert signed_in.send("POST", "/v1/recovery", json={**asked, "again": True}).json()["state"] == "asked"
    new = the_request(server, signed_in)
    server.context.store.write(
        lambda db: recovery.refuse(db, FORCE, new["id"], by="admin 1", now=server.context.now())
    )
    assert signed_in.send("POST", "/v1/recovery", json=asked).json()["state"] == "refused"


def test_a_vault_whose_keys_have_changed_asks_anew(signed_in: Handheld, server: LiveServer) -> None:
    """What was asked before would open nothing any more, so nobody is asked to agree to it."""
    signed_in.send("POST", "/v1/recovery", json=question(server, signed_in))
    older = the_request(server, signed_in)
    signed_in.send("POST", "/v1/recovery", json=question(server, signed_in))
    newer = the_request(server, signed_in)
    assert newer["id"] != older["id"]
    with pytest.raises(HandheldRefused, match="does not wait"):
        approves(server, older, "admin 1", older["code"], Checked.RANG_BACK)


def test_the_same_sealed_key_under_another_recovery_keys_name_is_another_question(
    signed_in: Handheld, server: LiveServer
) -> None:
    """What two have agreed to is what was asked, to the last word of it."""
    asked = question(server, signed_in)
    signed_in.send("POST", "/v1/recovery", json=asked)
    older = the_request(server, signed_in)
    approves(server, older, "admin 1", older["code"], Checked.RANG_BACK)
    signed_in.send("POST", "/v1/recovery", json={**asked, "kid": "another"})
    newer = the_request(server, signed_in)
    assert (newer["id"] != older["id"], newer["kid"], newer["first_by"]) == (True, "another", "")
    with pytest.raises(HandheldRefused, match="does not wait"):
        approves(server, older, "admin 2")


def test_a_vault_of_somebody_who_never_was_there_is_asked_for_in_vain(
    signed_in: Handheld, server: LiveServer
) -> None:
    """The name in the question is compared with who has signed in on that handheld."""
    answer = signed_in.send("POST", "/v1/recovery", json=question(server, signed_in, officer="somebody"))
    assert (answer.status_code, answer.json()["code"]) == (409, "handheld_refused")


def test_a_colleague_who_writes_their_own_name_on_a_vault_is_given_nothing(
    signed_in: Handheld, server: LiveServer
) -> None:
    """Both administrators were right about who rang; the key itself says whose vault it is."""
    asked = question(server, signed_in, whose="the officer whose vault it is")
    signed_in.send("POST", "/v1/recovery", json=asked)
    row = the_request(server, signed_in)
    approves(server, row, "admin 1", row["code"], Checked.RANG_BACK)
    approves(server, row, "admin 2")
    with pytest.raises(HandheldRefused, match="not the key of that officer"):
        answered(server, row)
    assert "answer" not in signed_in.send("POST", "/v1/recovery", json=asked).json()
