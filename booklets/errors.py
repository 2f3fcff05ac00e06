"""Everything this project can refuse to do.

    BookletError
    ├── DefinitionError        a form definition is wrong (its author's mistake)
    ├── UnknownForm            no definition of that name is at hand
    │   └── UnknownEdition     the form is, or was, but not this edition of it
    ├── NotAllowedNow          the record's state forbids the step
    ├── WireError              a message could not be understood
    │   └── UnknownProtocol    the other side speaks a version we do not
    └── (booklets.sealing.errors) what a seal or a signature refuses

A wrong *answer* is never an exception: officers get things wrong all night, and
``review.problems_in`` returns those as data.
"""

from __future__ import annotations


class BookletError(Exception):
    """Base of every refusal. ``code`` is stable; the message is for people."""

    code = "booklet_error"


class DefinitionError(BookletError):
    """A form definition contradicts itself: where, why, and what would have been right."""

    code = "bad_definition"

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.where = where
        self.why = why


class UnknownForm(BookletError):
    """No definition of this form is known here."""

    code = "unknown_form"


class UnknownEdition(UnknownForm):
    """The form may be known here, but not in this edition: neither the current one nor one that is kept."""

    code = "unknown_edition"


class NotAllowedNow(BookletError):
    """The record is not in a state that permits this step."""

    code = "not_allowed_now"


class WireError(BookletError):
    """A message from the other side could not be understood."""

    code = "unreadable_message"


class UnknownProtocol(WireError):
    """The other side speaks a protocol version that we do not."""

    code = "unknown_protocol"


UNREADABLE = (BookletError, ValueError, LookupError, TypeError, OverflowError)
"""What a rule may raise over answers that no handheld of this version gives: another shape, or a day at the
end of the calendar. Whoever reads a record goes on without what the rules would say of it."""
