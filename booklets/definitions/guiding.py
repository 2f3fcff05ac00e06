"""Reads guides: the pages of an encounter, each question of its forms once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from booklets.definitions.tables import Table, check_condition, nearest, refuse_twins
from booklets.errors import UnknownForm
from booklets.forms import Field, Form, Stage
from booklets.guides import Group, Guide, Page

SIGNS = frozenset(
    {
        "desk",
        "enquiry",
        "handover",
        "home",
        "meeting",
        "missing",
        "note",
        "phone",
        "plan",
        "risk",
        "school",
        "search",
        "shield",
    }
)
"""The pictures there are beside a guide's name; the app draws each of them."""
ROLES = frozenset({"officer", "supervisor", "fim", "vat", "mhet"})
AT_THE_DOOR = frozenset({Stage.FOUND, Stage.CAPTURE, Stage.COMPLETE})


def read_guide(table: Table, form: Callable[[str], Form], entities: Mapping[str, Form]) -> Guide:
    """One guide from its table, held against the forms that it fills."""
    guide = Guide(
        id=table.text("id"),
        version=table.text("version"),
        title=table.text("title"),
        start_words=table.text("start_words", table.text("title")),
        forms=tuple(_form(table, name, form) for name in table.words("forms")),
        pages=tuple(_page(one) for one in table.tables("page")),
        subject_role=table.text("subject_role"),
        entities=entities,
        offered=table.flag("offered", default=True),
        sign=_sign(table),
        rank=table.whole("rank", 100),
        follows=table.words("follows"),
        repeats=table.flag("repeats"),
        roles=_roles(table),
        mentions=_mentions(table, entities),
    )
    table.done()
    if not guide.forms or not guide.pages:
        raise table.wrong("a guide needs forms and pages")
    refuse_twins(table, (page.id for page in guide.pages), "page")
    _every_question_once(table, guide)
    _conditions_look_upwards(table, guide)
    return guide


def _sign(table: Table) -> str:
    name = table.text("sign", "")
    if name and name not in SIGNS:
        raise table.wrong(f"there is no sign {name!r}{nearest(name, SIGNS)}")
    return name


def _roles(table: Table) -> tuple[str, ...]:
    names = table.words("roles")
    for name in names:
        if name not in ROLES:
            raise table.wrong(f"roles: there is no role {name!r}{nearest(name, ROLES)}")
    return names


def _form(table: Table, name: str, form: Callable[[str], Form]) -> Form:
    try:
        return form(name)
    except UnknownForm as error:
        raise table.wrong(f"forms: {error}") from None


def _mentions(table: Table, entities: Mapping[str, Form]) -> Mapping[str, tuple[str, ...]]:
    """The few questions asked first about a person, place or object, by full field id."""
    part = table.table("mentions")
    if part is None:
        return MappingProxyType({})
    found = {kind: part.words(kind) for kind in entities if part.has(kind)}
    part.done(entities)
    for kind, names in found.items():
        known = {one.id for one in entities[kind].fields() if is_asked_here(one)}
        for name in names:
            if name not in known:
                raise part.wrong(f"{kind}: nobody is asked {name!r} about a {kind}{nearest(name, known)}")
        refuse_twins(part, names, kind)
    return MappingProxyType(found)


def _page(table: Table) -> Page:
    groups: list[Group] = []
    for part in table.tables("group"):
        groups.append(Group(part.text("title", ""), part.words("fields")))
        part.done()
    page = Page(
        id=table.text("id"),
        title=table.text("title"),
        groups=tuple(groups),
        next_words=table.text("next_words", ""),
        help=table.text("help", ""),
        letter=table.text("letter", ""),
        belongs=table.text("belongs", ""),
        prompts=table.words("prompts"),
        weak=table.text("weak", ""),
        strong=table.words("strong"),
    )
    table.done()
    _teaches_whole(table, page)
    return page


def _teaches_whole(table: Table, page: Page) -> None:
    """Refuse half a lesson: a letter is one letter, and no example of weak writing stands alone."""
    if len(page.letter) > 1 or page.letter != page.letter.upper():
        raise table.wrong(f"letter must be one capital letter, not {page.letter!r}")
    if page.letter and not page.belongs:
        raise table.wrong("a page with a letter says in belongs what is written on it")
    if bool(page.weak) != bool(page.strong):
        raise table.wrong("weak and strong examples come together")


def is_asked_here(one: Field) -> bool:
    """Whether a question belongs on a page of its own: not filled by the app, not stored elsewhere."""
    return not one.system and not one.same_as and one.stage in AT_THE_DOOR


def _every_question_once(table: Table, guide: Guide) -> None:
    placed = [name for page in guide.pages for name in page.fields()]
    known = {one.id for form in (*guide.forms, *guide.entities.values()) for one in form.fields()}
    for name in placed:
        if name not in known:
            raise table.wrong(f"there is no question {name!r}{nearest(name, known)}")
        if placed.count(name) > 1:
            raise table.wrong(f"{name!r} is asked twice")
    for form in guide.forms:
        for one in form.fields():
            if is_asked_here(one) and one.id not in placed:
                raise table.wrong(f"{one.id!r} is on no page")
            if one.same_as and one.same_as not in known:
                raise table.wrong(f"{one.id!r} says it is stored in {one.same_as!r}, which does not exist")


def _conditions_look_upwards(table: Table, guide: Guide) -> None:
    above = {one.id: one for one in guide.entities["person"].fields()}
    above |= {one.id: one for form in guide.forms for one in form.fields() if one.system}
    anywhere = above | {one.id: one for one in guide.fields()}
    for one in guide.fields():
        for key, condition, known in (
            ("shown", one.shown, above),
            ("required", one.required, above),
            ("unless", one.unless, anywhere),
        ):
            for name in condition.fields():
                if name not in known and not (key == "unless" and _is_filled_elsewhere(guide, name)):
                    raise table.wrong(
                        f"{one.id!r} depends on {name!r}, which is asked only later or not at all"
                    )
            if all(name in known for name in condition.fields()):
                check_condition(table, f"{one.id}: {key}", condition, known, {})
        above[one.id] = one


def _is_filled_elsewhere(guide: Guide, name: str) -> bool:
    """Whether only another guide fills the form that a question would fall silent on: here it never does."""
    return name.partition(".")[0] not in {form.prefix for form in (*guide.forms, *guide.entities.values())}
