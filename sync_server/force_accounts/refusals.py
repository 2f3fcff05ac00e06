"""What can be refused of a sign-in with a force account, in words for whoever stands before the page.

BookletError
└── ForceSignInRefused
    ├── NotBegunHere      not begun in this browser, too long ago, or used already
    ├── TurnedBack        the provider let nobody in, or no longer knows its own code
    ├── NotProven         what the provider answered proves nothing: not signed, not for us, not now
    │   └── KeyUnknown    signed with a key that the provider has not published, as far as we know
    ├── NobodyKnown       proven, and there is no account for them
    ├── NoGroup           proven, and in none of the groups that may use this
    ├── TwoUnits          proven, and their groups name two units
    ├── LocalOnly         this account is kept for when the provider is away
    ├── AnotherPerson     this account was first used by somebody else's force account
    └── ProviderAway      the provider does not answer, or not as a provider does
        └── ProviderOtherwise    what it says of itself, or of us, is not what was set

``why`` is a word of ours for the log, never one of the provider's: those may hold a name.
"""

from __future__ import annotations

from booklets.errors import BookletError


class ForceSignInRefused(BookletError):
    """Base of what is refused here. Nobody was signed in."""

    code = "force_sign_in_refused"
    says = "You could not be signed in with your force account."

    def __init__(self, why: str = "") -> None:
        super().__init__(self.says)
        self.why = why


class NotBegunHere(ForceSignInRefused):
    """What came back belongs to no sign-in that this browser has open."""

    code = "not_begun_here"
    says = (
        "This sign-in was not begun in this browser, was begun more than ten minutes ago, or is over. "
        "Begin again from the sign-in page."
    )


class TurnedBack(ForceSignInRefused):
    """The provider says no."""

    code = "turned_back"
    says = (
        "Your force’s sign-in did not let you in, or no longer knows this try. Begin again from the "
        "sign-in page. If it happens twice, ring your force’s IT service desk."
    )


class NotProven(ForceSignInRefused):
    """The answer does not prove who this is."""

    code = "not_proven"
    says = (
        "What your force’s sign-in answered does not prove who you are, so nobody was signed in. "
        "Begin again, and if it happens twice, tell whoever runs Homeward for your force."
    )


class KeyUnknown(NotProven):
    """Signed with a key that is not among those we have. The provider may have a new one."""

    code = "key_unknown"


class NobodyKnown(ForceSignInRefused):
    """There is no account for whoever this is."""

    code = "nobody_known"
    says = (
        "Your force’s sign-in knows you, and Homeward has no account for you. "
        "Ask an administrator of Homeward to make one, with your number as your force’s sign-in has it."
    )


class NoGroup(ForceSignInRefused):
    """None of their groups means anything here."""

    code = "no_group"
    says = (
        "Your force account is in none of the groups that may use Homeward. "
        "Ask your supervisor which one you belong in, and your force’s IT service desk to put you there."
    )


class TwoUnits(ForceSignInRefused):
    """Their groups name more than one unit, and a session is for one."""

    code = "two_units"
    says = (
        "Your force account is in groups of two units, and Homeward works for one at a time. "
        "Ask your force’s IT service desk to take you out of the one you have left."
    )


class LocalOnly(ForceSignInRefused):
    """This account has a password so that it works without the provider; the provider must not move it."""

    code = "local_only"
    says = (
        "This account signs in with its own user name and password, and not with a force account. "
        "Use the local sign-in below the button."
    )


class AnotherPerson(ForceSignInRefused):
    """The same number, and another person: numbers are given again, and names of sign-ins change hands."""

    code = "another_person"
    says = (
        "The account with your number was used by another force account before. "
        "If it is yours, ask an administrator of Homeward to let your new force account use it."
    )


class ProviderAway(ForceSignInRefused):
    """Nothing that could be used came from the provider. It is not the person's doing."""

    code = "provider_away"
    says = (
        "Your force’s sign-in does not answer just now. Nothing was lost. Try again in a few minutes; "
        "whoever has a local account can sign in with it meanwhile."
    )


class ProviderOtherwise(ProviderAway):
    """It answers, and what was set here and there does not fit together. Somebody has to mend that."""

    code = "provider_otherwise"
    says = (
        "Your force’s sign-in is not set up for Homeward as Homeward is for it, so nobody was signed in. "
        "Tell whoever runs Homeward for your force: its log says what is the matter. "
        "Whoever has a local account can sign in with it meanwhile."
    )
