"""One dataclass per page. What a page shows is here, ready to be shown; its template only lays it out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What every page has. ``who`` is empty where nobody is signed in."""

    template: ClassVar[str]
    title: str
    who: str = ""
    form_token: str = field(default="", repr=False)
    marking: str = "OFFICIAL-SENSITIVE"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage(Page):
    """Signing in at the console."""

    template: ClassVar[str] = "sign_in.html"
    title: str = "Sign in"
    then: str = "/"
    user: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandheldPage(Page):
    """Signing in on a handheld: its name and code, to be compared with the one in the hand."""

    template: ClassVar[str] = "handheld.html"
    title: str = "Sign in on a handheld"
    flow: str = field(repr=False)
    device: str
    code: str
    user: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DonePage(Page):
    """The end of a path: what happened, and what to do now."""

    template: ClassVar[str] = "done.html"
    says: str
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedPage(Page):
    """It cannot be done, and why."""

    template: ClassVar[str] = "done.html"
    title: str = "Not possible"
    says: str
    more: str = ""

    @classmethod
    def because(cls, says: str) -> RefusedPage:
        """The page that says why."""
        return cls(says=says)
