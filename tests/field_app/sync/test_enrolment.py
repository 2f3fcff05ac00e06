"""An invitation becomes a device: forgiving to people who type, strict to whoever else speaks."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booklets.errors import WireError
from booklets.sealing import BadSignature, DirectoryRefused
from field_app.sync.client import SyncClient
from field_app.sync.clocks import ServerClock
from field_app.sync.enrolment import (
    Enrolled,
    Invitation,
    Managed,
    NewDevice,
    NotAnInvitation,
    b64url,
    from_b64url,
    read_code,
    read_invitation,
    read_server,
)
from field_app.sync.failures import NotOurServer, Refused
from field_app.sync.line import open_http
from tests.field_app.sync.desks import enrolled_with
from tests.support.portals import CODE, DEVICE, FORCE, SmallForce, json_answer
from tests.support.sealing import signer_number

PIN = sha256(b"a root key").hexdigest()
LINK = f"homeward-enrol:https://homeward.force.example?c={CODE}&k={PIN}"
MANAGED = Managed("https://homeward.force.example", PIN)


def new_device(force: SmallForce) -> NewDevice:
    """A handheld out of its box."""
    return NewDevice(force.device_sign, (force.device_kem.public,), "Selby 4", "test", "0.1.0")


def enrol(force: SmallForce, invitation: Invitation) -> Enrolled:
    """Enrol with whoever answers."""
    client = SyncClient(open_http(invitation.server, app_version="0.1.0"), clock=ServerClock())
    try:
        return client.enrol(invitation, new_device(force))
    finally:
        client.close()


@pytest.mark.parametrize(
    "typed",
    [
        "K7QP3M9XTD",
        "k7qp-3m9x-td",
        " K7QP 3M9X TD ",
        "K7QP–3M9X–TD",
        "K7QP\u00a03M9X\u00a0TD\n",
    ],
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    """Read out over a radio, typed with cold thumbs, with a keyboard that makes dashes long."""
    assert read_code(typed) == "K7QP3M9XTD"


@given(st.text(alphabet="0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=10, max_size=10), st.data())
def test_every_code_survives_being_mistyped_forgivably(code: str, data: st.DataObject) -> None:
    """O for 0, I or L for 1, any case, dashes and spaces anywhere."""
    twins = {"0": "0Oo", "1": "1IiLl"}
    typed = "".join(
        data.draw(st.sampled_from(twins.get(one, one + one.lower())))
        + data.draw(st.sampled_from(["", "-", " "]))
        for one in code
    )

    assert read_code(typed) == code


@pytest.mark.parametrize("typed", ["", "K7QP3M9XT", "K7QP3M9XTDD", "K7QP3M9XTU", "K7QP_3M9XT", "K" * 5000])
def test_what_cannot_be_a_code_is_refused_in_words(typed: str) -> None:
    """Before it is sent: the server allows five wrong ones a minute."""
    with pytest.raises(NotAnInvitation, match="ten letters and digits"):
        read_code(typed)


def test_a_link_says_where_with_what_and_whose_key() -> None:
    """All that trust on this device will hang on, in one square code."""
    assert read_invitation(LINK) == Invitation("https://homeward.force.example", CODE, PIN)


@pytest.mark.parametrize(
    ("address", "server"),
    [
        ("//homeward.force.example/", "https://homeward.force.example"),
        ("//homeward.force.example:8443/", "https://homeward.force.example:8443"),
        ("//127.0.0.1:8700/", "http://127.0.0.1:8700"),
        ("//[::1]:8700/", "http://[::1]:8700"),
        ("http://127.0.0.1:8700", "http://127.0.0.1:8700"),
    ],
)
def test_a_link_may_leave_out_how_the_server_is_spoken_to(address: str, server: str) -> None:
    """Scanners understand the short form best; in the clear only on this very machine."""
    assert read_invitation(f"homeward-enrol:{address}?c={CODE}&k={PIN}").server == server


@pytest.mark.parametrize(
    "link",
    [
        pytest.param(f"homeward-enrol://a.example/path/?c={CODE}&k={PIN}", id="short, with a path"),
        pytest.param(f"homeward-enrol://[::1?c={CODE}&k={PIN}", id="short, with broken brackets"),
        pytest.param(f"homeward-enrol:https://a.example?c={CODE}", id="no key"),
        pytest.param(f"homeward-enrol:https://a.example?k={PIN}", id="no code"),
        pytest.param(f"homeward-enrol:https://a.example?c={CODE}&k={PIN[:-1]}", id="half a key"),
        pytest.param(f"homeward-enrol:https://a.example?c={CODE}&k={PIN.upper()}", id="another spelling"),
        pytest.param(f"homeward-enrol:https://a.example?c={CODE}&k={PIN}&k={PIN}", id="two keys"),
        pytest.param(f"homeward-enrol:https://a.example?c={CODE}&k={PIN}&x=1", id="something more"),
        pytest.param(f"homeward-enrol:https://a.example?c={CODE}&c=1", id="two codes"),
        pytest.param(f"homeward-enrol:http://a.example?c={CODE}&k={PIN}", id="in the clear"),
        pytest.param(f"homeward-enrol:ftp://a.example?c={CODE}&k={PIN}", id="no web address"),
        pytest.param(f"homeward-enrol:https://b@a.example?c={CODE}&k={PIN}", id="somebody at"),
        pytest.param(f"homeward-enrol:https://a.example/path?c={CODE}&k={PIN}", id="a path"),
        pytest.param(f"homeward-enrol:https://a.example?c={CODE}&k={PIN}#x", id="a fragment"),
        pytest.param(f"homeward-enrol:https://a.example:99999?c={CODE}&k={PIN}", id="no such port"),
        pytest.param(f"homeward-enrol:https://[::1?c={CODE}&k={PIN}", id="broken brackets"),
        pytest.param(f"homeward-enrol:https://?c={CODE}&k={PIN}", id="nowhere"),
        pytest.param("homeward-enrol:", id="nothing"),
        pytest.param(LINK + "0" * 500, id="endless"),
    ],
)
def test_a_link_that_is_not_quite_one_is_refused(link: str) -> None:
    """Whoever prints a square code chooses the server, so it is read to the letter."""
    with pytest.raises(NotAnInvitation):
        read_invitation(link)


@given(st.text(max_size=200))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    """The link comes from outside: a camera, a message, another app."""
    for typed in (text, "homeward-enrol:" + text):
        try:
            read_invitation(typed, managed=MANAGED)
        except NotAnInvitation:
            continue


def test_a_bare_code_needs_a_managed_device() -> None:
    """Ten characters cannot say whom to trust; whoever manages the device can."""
    assert read_invitation("k7qp-3m9x-td", managed=MANAGED) == Invitation(MANAGED.server, CODE, PIN)
    with pytest.raises(NotAnInvitation, match="Scan the square code"):
        read_invitation("k7qp-3m9x-td")


def test_a_managed_device_follows_no_link_to_another_server() -> None:
    """A printed code on a canteen wall must not take a force's handheld away."""
    with pytest.raises(NotAnInvitation, match="another server"):
        read_invitation(LINK.replace("force.example", "elsewhere.example"), managed=MANAGED)
    assert read_invitation(LINK, managed=MANAGED).code == CODE


def test_a_managed_key_must_be_one() -> None:
    """A pin that was cut short when it was copied would match nothing, or, read kindly, too much."""
    with pytest.raises(NotAnInvitation, match="64 characters"):
        Managed("https://homeward.force.example", PIN[:40])


@pytest.mark.parametrize("address", ["http://127.0.0.1:8700", "http://localhost", "http://[::1]:8700"])
def test_this_very_machine_may_be_spoken_to_in_the_clear(address: str) -> None:
    """A demonstration runs without certificates, and nothing leaves the machine."""
    assert read_server(address + "/") == address


def test_a_device_enrols_and_remembers_its_force(force: SmallForce) -> None:
    """The whole way, over a real connection, and back from what is kept."""
    enrolled = enrol(force, Invitation(force.address, CODE, force.pin))

    assert (enrolled.device_id, enrolled.force, enrolled.server) == (DEVICE, FORCE, force.address)
    assert enrolled.keys.number == 1
    assert enrolled.policy["keep_readable_minutes"] == 60
    assert Enrolled.from_json(json.loads(json.dumps(enrolled.to_json()))) == enrolled


def test_a_server_with_another_root_key_is_believed_in_nothing(force: SmallForce) -> None:
    """A perfect imitation with a valid certificate stops here."""
    with pytest.raises(NotOurServer) as refused:
        enrol(force, Invitation(force.address, CODE, PIN))

    assert refused.value.why == "wrong_root_key"


def test_a_directory_by_another_key_is_believed_in_nothing(force: SmallForce) -> None:
    """The right root key can be copied from anywhere; only its owner can sign with it."""
    root = force.root
    force.root = signer_number(66)
    force.publish()
    force.root = root

    with pytest.raises(NotOurServer) as refused:
        enrol(force, Invitation(force.address, CODE, force.pin))

    assert refused.value.why == "wrong_directory"


def test_a_welcome_that_lacks_something_is_not_a_welcome(force: SmallForce) -> None:
    """Half an answer must not make half a device."""
    said = {"root_pub": b64url(force.root.public), "directory": b64url(force.directory), "force": FORCE}
    force.instead["/v1/enrol"] = lambda _request, _body: json_answer(said, 201)

    with pytest.raises(NotOurServer):
        enrol(force, Invitation(force.address, CODE, force.pin))


def test_a_wrong_code_is_refused_with_the_servers_words(force: SmallForce) -> None:
    """The officer asks for another; nothing on the device has changed."""
    with pytest.raises(Refused) as refused:
        enrol(force, Invitation(force.address, "0" * 10, force.pin))

    assert refused.value.code == "code_unknown"


def test_what_is_kept_is_checked_again_when_it_is_read(force: SmallForce) -> None:
    """Whoever can write to the device's storage must not choose to whom records are sealed."""
    kept = enrolled_with(force).to_json()
    other = SmallForce(root=signer_number(66), address=force.address)

    for forged in ({"directory": b64url(other.directory)}, {"server": "http://elsewhere.example"}, {"v": 2}):
        with pytest.raises(WireError):
            Enrolled.from_json(kept | forged)
    with pytest.raises(WireError):
        Enrolled.from_json(None)


def test_the_directory_never_goes_back(force: SmallForce) -> None:
    """A revoked key would live again if an old directory were accepted."""
    old = force.directory
    force.number = 5
    force.publish()
    enrolled = enrolled_with(force)

    with pytest.raises(DirectoryRefused):
        enrolled.with_directory(old)
    with pytest.raises(BadSignature):
        enrolled.with_directory(SmallForce(root=signer_number(66), number=9).directory)
    assert enrolled.with_directory(force.directory).keys.number == 5


@given(st.binary(max_size=64))
def test_bytes_have_one_spelling(data: bytes) -> None:
    """Two spellings of one key would be two keys to whoever compares texts."""
    text = b64url(data)

    assert from_b64url(text) == data
    for other in (text + "!", text + "\n", " " + text):
        with pytest.raises(ValueError, match="not"):
            from_b64url(other)
