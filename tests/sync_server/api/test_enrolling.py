"""A one-time code becomes a device, once, and only with proof of the key."""

from __future__ import annotations

import threading
from hashlib import sha256

import pytest

from booklets import definitions
from booklets.sealing import SigningKey, read_directory, read_policy
from sync_server.handhelds.policies import USUAL, what_a_handheld_does
from sync_server.limits import Allowance
from sync_server.settings import ForcePolicy
from tests.support.devices import Handheld, a_client, from_b64url
from tests.support.servers import LiveServer


def test_a_code_makes_a_device_and_hands_it_the_root_key(handheld: Handheld, server: LiveServer) -> None:
    """The answer is enough to check everything that the server ever signs."""
    answer = handheld.enrol()

    welcome = answer.json()
    root = from_b64url(welcome["root_pub"])
    directory = read_directory(from_b64url(welcome["directory"]), root)
    assert answer.status_code == 201
    assert answer.headers["Homeward-Protocol"] == "1"
    assert root == server.context.keys.root.public
    assert directory.current("sealing", (1,)).use == "sealing"
    assert welcome["force"] == "north_yorkshire"
    assert welcome["policy"]["keep_readable_minutes"] == 60
    signed = read_policy(from_b64url(welcome["policy_signed"]), root, force="north_yorkshire", after=0)
    assert dict(signed.policy) == welcome["policy"]


def test_what_the_force_has_decided_about_its_handhelds_goes_with_the_welcome() -> None:
    """Whatever stands in the force's own file; the rest is as delivered."""
    decided = ForcePolicy(force="somewhere", settings={"keep_readable_minutes": 15, "max_vaults": "many"})

    told = what_a_handheld_does(decided)

    assert told == {**USUAL, "keep_readable_minutes": 15}


def test_no_force_lets_a_finger_open_a_handheld_unless_its_own_file_says_so() -> None:
    """Off as delivered, off in one of the demonstration's forces and eight hours in the other."""
    told = {
        name: what_a_handheld_does(ForcePolicy(force=name, settings=definitions.force(name)))
        for name in ("north_yorkshire", "seaborough")
    }

    assert USUAL["finger_unlock_hours"] == 0
    assert {name: one["finger_unlock_hours"] for name, one in told.items()} == {
        "north_yorkshire": 0,
        "seaborough": 8,
    }
    unclear = ForcePolicy(force="somewhere", settings={"finger_unlock_hours": "always"})
    assert what_a_handheld_does(unclear)["finger_unlock_hours"] == 0


@pytest.mark.parametrize("typed", ["{}", "{lower}", "{dashed}", " {dashed} ", "{confused}"])
def test_a_code_may_be_typed_as_people_type(handheld: Handheld, server: LiveServer, typed: str) -> None:
    """Small letters, dashes, and O for 0 or I for 1 are forgiven at three in the morning."""
    code = server.invite()
    dashed = f"{code[:4]}-{code[4:8]}-{code[8:]}"
    confused = code.replace("0", "o").replace("1", "I")

    answer = handheld.enrol(typed.format(code, lower=code.lower(), dashed=dashed, confused=confused))

    assert answer.status_code == 201


def test_a_code_is_good_once(handheld: Handheld, server: LiveServer) -> None:
    """Whoever reads it over a shoulder comes too late."""
    code = server.invite()
    handheld.enrol(code)

    second = Handheld(server, handheld.http).enrol(code)

    assert (second.status_code, second.json()["code"]) == (403, "code_used")


def test_a_lost_answer_is_given_again_to_the_same_key(handheld: Handheld, server: LiveServer) -> None:
    """One dropped packet must not cost a walk back to whoever hands out codes."""
    code = server.invite()
    first = handheld.enrol(code).json()

    again = handheld.enrol(code)

    assert (again.status_code, again.json()["device_id"]) == (201, first["device_id"])


def test_a_code_made_by_nobody_is_unknown(handheld: Handheld) -> None:
    """A guess is told that it is one, and nothing else."""
    answer = handheld.enrol("ZZZZ-ZZZZ-ZZ")

    assert (answer.status_code, answer.json()["code"]) == (403, "code_unknown")


def test_a_code_is_too_old_after_fifteen_minutes(handheld: Handheld, server: LiveServer) -> None:
    """What lies about on a desk is worth nothing."""
    code = server.invite()
    server.clock.later(minutes=15)

    answer = handheld.enrol(code)

    assert (answer.status_code, answer.json()["code"]) == (403, "code_expired")


def test_five_wrong_codes_a_minute_and_no_more(handheld: Handheld) -> None:
    """At that rate fifty bits outlast everybody."""
    answers = [handheld.enrol("ZZZZ-ZZZZ-ZZ") for _ in range(6)]

    assert [one.status_code for one in answers] == [403] * 5 + [429]
    assert answers[-1].json()["code"] == "too_often"
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_good_codes_do_not_count_against_the_one_who_hands_them_out(server: LiveServer) -> None:
    """A room of handhelds is enrolled from one address."""
    with a_client(server.url) as http:
        answers = [Handheld(server, http).enrol().status_code for _ in range(7)]

    assert answers == [201] * 7


def test_the_key_must_be_proven(handheld: Handheld, server: LiveServer) -> None:
    """Naming somebody else's key is not having it."""
    handheld_with_other_key = SigningKey.generate()
    body = handheld.enrolment(server.invite())

    answer = handheld.send(
        "POST", "/v1/enrol", json=body, key=handheld_with_other_key, key_id=handheld.enrolling_id
    )

    assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")


def test_the_key_must_be_signed_for_under_its_own_name(handheld: Handheld, server: LiveServer) -> None:
    """The key id is the key's own fingerprint, so nobody enrols in another's name."""
    other = "enrol:" + sha256(b"another").hexdigest()[:16]

    answer = handheld.send("POST", "/v1/enrol", json=handheld.enrolment(server.invite()), key_id=other)

    assert (answer.status_code, answer.json()["code"]) == (401, "unknown_device")


@pytest.mark.parametrize(
    "wrong",
    [
        {"sign_pub": "AAAA"},
        {"kem_pubs": {}},
        {"kem_pubs": {"1": "not base64!"}},
        {"kem_pubs": {"1": "A" * 43, "3": "A" * 43}},
        {"name": ""},
        {"name": "x" * 61},
        {"name": "two\nlines"},
        {"platform": 7},
        {"code": None},
    ],
)
def test_what_is_not_an_enrolment_is_refused_by_name(
    handheld: Handheld, server: LiveServer, wrong: dict[str, object]
) -> None:
    """Every field is checked before the code is spent."""
    code = server.invite()
    body = {**handheld.enrolment(code), **wrong}

    answer = handheld.send("POST", "/v1/enrol", json=body, key_id=handheld.enrolling_id)

    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable_message")
    assert next(iter(wrong)) in answer.json()["says"]
    assert handheld.enrol(code).status_code == 201


def test_one_code_raced_for_by_many_makes_one_device(server: LiveServer) -> None:
    """Single use holds also in the same millisecond."""
    code = server.invite()
    server.limits.enrolment.burst, before = 100, server.limits.enrolment.burst
    statuses: list[int] = []

    def race() -> None:
        with a_client(server.url) as http:
            statuses.append(Handheld(server, http).enrol(code).status_code)

    racers = [threading.Thread(target=race) for _ in range(8)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    server.limits.enrolment.burst = before

    assert sorted(statuses) == [201] + [403] * 7


def test_an_allowance_grows_back() -> None:
    """A minute's patience is all that it costs."""
    now = [0.0]
    allowance = Allowance(per_minute=5, burst=5, clock=lambda: now[0])
    for _ in range(5):
        allowance.take("somebody")

    now[0] += 12
    allowance.take("somebody")

    assert allowance.left("somebody") < 1
    assert allowance.left("somebody else") == 5
