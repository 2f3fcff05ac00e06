"""When a field is shown or required: the whole condition language.

A condition is written in a definition as a table from field to expectation::

    required = { risk_grade = "high" }                        # is exactly this code
    required = { risk_grade = ["high", "medium"] }            # is one of these codes
    required = { phone_number = true }                        # has been answered
    required = { phone_number = false }                       # has not been answered
    required = { signs = { but = ["none_seen"] } }            # says anything else than these codes
    required = { seen_since = "no", risk_grade = "high" }     # both must hold
    required = [{ risk_grade = "high" }, { seen_since = "no" }]   # either may hold
    required = true                                           # always

Of a field with many codes, "is" means "contains". A field of another form of
the same encounter is named in full, in quotes: ``{ "pi.harm" = true }``. There
is nothing more to it. A gap ("not known", "refused") is never a code and is not
an answer, so only the form ``= false`` is true of it. A rule that needs
arithmetic or dates is a named check (see ``checks``), with a docstring and tests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from booklets.answers import Answers, codes_of, said


@dataclass(frozen=True, slots=True)
class Expectation:
    """One field and what it must be: any of ``codes``, any code ``but`` these, or simply answered or not."""

    field: str
    codes: tuple[str, ...] = ()
    answered: bool = True
    but: tuple[str, ...] = ()

    def holds(self, answers: Mapping[str, object]) -> bool:
        """Whether the answers meet this expectation."""
        answer = answers.get(self.field)
        if answer is None:  # asked of every field at each keystroke, and most have no answer
            return not (self.answered or self.codes or self.but)
        if self.but:
            return any(code not in self.but for code in codes_of(answer))  # type: ignore[arg-type]
        if not self.codes:
            return said(answer) is self.answered  # type: ignore[arg-type]  # any value may be asked of
        if isinstance(answer, str):
            return answer != "" and answer in self.codes
        return any(code in self.codes for code in codes_of(answer))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Condition:
    """Lines of which one must hold; each line is expectations that must all hold."""

    lines: tuple[tuple[Expectation, ...], ...]

    def holds(self, answers: Answers) -> bool:
        """Whether any line holds."""
        for line in self.lines:  # asked of every field and rule at each keystroke: no generators here
            for one in line:
                if not one.holds(answers):
                    break
            else:
                return True
        return False

    def fields(self) -> Iterator[str]:
        """Every field the condition looks at."""
        for line in self.lines:
            for one in line:
                yield one.field


ALWAYS = Condition(((),))
NEVER = Condition(())
