"""A guide: the order in which one encounter at the door walks through several forms.

A return check is one conversation and two records. The guide names every
question of both forms once, on pages in the order an officer meets them; what
one record knows, the other shows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from types import MappingProxyType

from booklets.answers import NOTHING, Answer, Answers
from booklets.errors import UnknownForm
from booklets.forms import NOT_ASKED, Field, Form, asked_among


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that stand together under one small heading."""

    title: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One scrolling page. ``next_words`` is what the button that leads here says.

    A page may teach how to write it: its ``letter`` in a word that officers know by heart, what
    ``belongs`` there in one sentence, ``prompts`` to look and listen by, and invented examples,
    a ``weak`` one and ``strong`` ones. They are shown beside the questions and never stored.
    """

    id: str
    title: str
    groups: tuple[Group, ...]
    next_words: str = ""
    help: str = ""
    letter: str = ""
    belongs: str = ""
    prompts: tuple[str, ...] = ()
    weak: str = ""
    strong: tuple[str, ...] = ()

    def fields(self) -> tuple[str, ...]:
        """Full ids of every question of the page, top to bottom."""
        return tuple(name for group in self.groups for name in group.fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """One encounter: the forms it fills, and its pages.

    ``mentions`` has, for a person, a place and an object, the few questions asked first
    about one that an answer mentions. A guide that is not ``offered`` is begun from
    something else, such as a record to decide on, and never from the start list. ``sign`` is the
    picture beside its name there, and ``rank`` its place: what happens most has the lowest. It may be begun
    from what was sent of the guides that it ``follows``, about the same child of the same episode: once,
    unless it ``repeats``. With ``roles`` only whoever has one of them may begin it.
    """

    id: str
    version: str
    title: str
    start_words: str
    forms: tuple[Form, ...]
    pages: tuple[Page, ...]
    subject_role: str
    entities: Mapping[str, Form]
    offered: bool = True
    sign: str = field(default="", metadata=NOT_ASKED)
    rank: int = field(default=100, metadata=NOT_ASKED)
    follows: tuple[str, ...] = field(default=(), metadata=NOT_ASKED)
    repeats: bool = field(default=False, metadata=NOT_ASKED)
    roles: tuple[str, ...] = field(default=(), metadata=NOT_ASKED)
    mentions: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    _by_name: Mapping[str, Field] = field(init=False, repr=False, compare=False)
    _hanging: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    _leading: Mapping[str, tuple[Field, ...]] = field(init=False, repr=False, compare=False)
    _child: tuple[Field, ...] = field(init=False, repr=False, compare=False)
    _about_encounter: tuple[Field, ...] = field(init=False, repr=False, compare=False)
    _examples: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        every = (one for form in (*self.forms, *self.entities.values()) for one in form.fields())
        hanging: dict[str, tuple[str, ...]] = {}
        for form in self.entities.values():
            for one in form.fields():
                hanging |= {name: (*hanging.get(name, ()), one.id) for name in one.shown.fields()}
        leading = {
            kind: tuple(one for one in form.fields() if one.mentions())
            for kind, form in self.entities.items()
        }
        object.__setattr__(self, "_by_name", MappingProxyType({one.id: one for one in every}))
        object.__setattr__(self, "_hanging", MappingProxyType(hanging))
        object.__setattr__(self, "_leading", MappingProxyType(leading))
        names = [name for page in self.pages for name in page.fields() if name in self._by_name]
        child = tuple(self._by_name[name] for name in names if self.about_subject(name))
        others = tuple(self._by_name[name] for name in names if not self.about_subject(name))
        object.__setattr__(self, "_child", child)
        object.__setattr__(self, "_about_encounter", others)
        shown = (text for page in self.pages for text in (page.weak, *page.strong) if text)
        object.__setattr__(self, "_examples", tuple(shown))

    def is_for(self, roles: Collection[str]) -> bool:
        """Whether somebody with these roles may begin it from a list."""
        return self.offered and (not self.roles or not set(self.roles).isdisjoint(roles))

    def fields(self) -> Iterator[Field]:
        """Every question about the encounter (not about a person), in the order of the pages."""
        yield from self._about_encounter

    def field(self, id_: str) -> Field:
        """The question of this full name, of any of the forms or of a person, place or object."""
        if id_ not in self._by_name:
            raise UnknownForm(f"{self.id} asks no {id_!r}")
        return self._by_name[id_]

    def editions(self) -> dict[str, str]:
        """The version of each form that it fills, and of what it asks about persons, places and objects."""
        return {form.id: form.version for form in (*self.forms, *self.entities.values())}

    def examples(self) -> tuple[str, ...]:
        """Every invented example that the pages show."""
        return self._examples

    def about_the_child(self) -> tuple[Field, ...]:
        """Every question about the child that a page asks."""
        return self._child

    def hanging_on(self, id_: str) -> tuple[str, ...]:
        """The questions about a person, place or object that are shown because of the answer to this one."""
        return self._hanging.get(id_, ())

    def leading_on(self, kind: str) -> tuple[Field, ...]:
        """The questions about a person, place or object whose answers mention others."""
        return self._leading.get(kind, ())

    def asks(self, id_: str) -> bool:
        """Whether there is a question of this full name. What came from elsewhere may say more."""
        return id_ in self._by_name

    def about_subject(self, id_: str) -> bool:
        """Whether the question is about the child and is kept with the child, not the record."""
        return id_.partition(".")[0] == "person"

    def page_of(self, id_: str) -> Page | None:
        """The page where a question stands, if it stands on one."""
        return next((page for page in self.pages if id_ in page.fields()), None)

    def asked(self, answers: Answers, child: Answers = NOTHING) -> dict[str, Answer]:
        """The answers that count, deciding in the order of the pages from what is known of the child.

        What the app itself has filled in is known before the first question.
        """
        filled = (one for form in self.forms for one in form.fields() if one.system)
        return asked_among(chain(filled, self.fields()), answers, child)
