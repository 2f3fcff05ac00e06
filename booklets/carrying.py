"""A draft that was begun in an earlier edition of its forms goes on in the current one, and loses nothing.

    answer fits its question      stays where it is
    its choice has gone           stays, and is kept as a wording it has had, whatever replaces it
    another sort of answer now    becomes a wording that the question has had, and is asked anew
    question is no longer asked   stays, and is sent along: whoever reads the record reads it as it was asked
    it did not count then         stays in the draft, and goes nowhere unless it is asked for now

What is known of persons, places and objects stays with them, whatever is asked about them now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from booklets import definitions
from booklets.answers import NOTHING, Answer, Answers, Gap, codes_of, frozen, rows_of
from booklets.changed_forms import Became, Change, changes_between, choices_gone
from booklets.encounters import Encounter, Sent, not_asked_for
from booklets.entities import Edit, new_id
from booklets.errors import UnknownForm
from booklets.forms import Field, Form
from booklets.guides import Guide
from booklets.in_words import plain_code
from booklets.review import has_shape


def in_current_editions(encounter: Encounter, guide: Guide) -> Encounter:
    """The encounter in the editions that ``guide`` fills; the same one where it stands in them already.

    ``begun_in`` says what it came from, until the officer has seen what changed.
    """
    before, now = editions_of(encounter, guide), guide.editions()
    changed = {id_: version for id_, version in before.items() if now.get(id_, version) != version}
    if (
        not changed
        and encounter.editions == now
        and {form.id for form in guide.forms} <= set(encounter.sent)
    ):
        return encounter
    child = encounter.child()
    known = child.facts if child else NOTHING
    then = _counted_then(encounter, before, known)
    there = then | set(guide.asked(encounter.answers, known))
    misfits = {name: fits for name, fits in _misfits(encounter, guide, changed) if name in there}
    asked_anew = {name for name, fits in misfits.items() if not fits}
    answers = {name: said for name, said in encounter.answers.items() if name not in asked_anew}
    kept = [name for name in not_asked_for(guide, answers, known) if name in then]
    wordings = (
        Edit(encounter.changed, encounter.officer.id, name, encounter.answers[name]) for name in misfits
    )
    return replace(
        encounter,
        guide_version=guide.version,
        answers=frozen(answers),
        sent=MappingProxyType({**{form.id: Sent(new_id()) for form in guide.forms}, **encounter.sent}),
        editions=MappingProxyType(now),
        begun_in=MappingProxyType({**changed, **encounter.begun_in}),
        kept=tuple(dict.fromkeys((*encounter.kept, *kept))),
        drafts=(*encounter.drafts, *wordings),
    )


def editions_of(encounter: Encounter, guide: Guide) -> dict[str, str]:
    """The editions an encounter was filled in with.

    A draft of before they were kept with it names its guide's version alone: a form of that version is the
    one that was filled in. What is asked about persons, places and objects went with the forms where one of
    these is past by now; a guide that came later began with newer questions about them.
    """
    now = guide.editions()
    if encounter.editions:
        return {**now, **encounter.editions}
    then = encounter.guide_version
    forms = {form.id for form in guide.forms if f"{form.id}@{then}" in definitions.published()}
    people = set(now) if any(now[id_] != then for id_ in forms) else set()
    return {
        id_: then if id_ in forms | people and f"{id_}@{then}" in definitions.published() else version
        for id_, version in now.items()
    }


def what_changed(encounter: Encounter, guide: Guide) -> tuple[Change, ...]:
    """What an officer who goes on has to know, over all forms: what has gone first, what is new last.

    Every answer that is kept and not asked for here is among it, also one that is not asked for because of
    the others. Nothing, once the officer has seen it.
    """
    found: list[Change] = []
    for id_, version in encounter.begun_in.items():
        before, now = _form(id_, version), _current(guide, id_)
        if before is not None and now is not None:
            found += changes_between(before, now)
    told = {one.question for one in found if one.became is Became.GONE}
    found += [one for one in _kept(encounter, guide) if one.question not in told and encounter.begun_in]
    return tuple(sorted(found, key=lambda one: list(Became).index(one.became)))


def _kept(encounter: Encounter, guide: Guide) -> Iterator[Change]:
    """The answers that are kept and that nobody is asked for, each as a question that has gone."""
    child = encounter.child()
    silent = not_asked_for(guide, encounter.answers, child.facts if child else NOTHING)
    for name in encounter.kept:
        if name in silent:
            once = definitions.once_asked(name)
            label = once.label if once else plain_code(name.partition(".")[2] or name)
            yield Change(became=Became.GONE, question=name, label=label)


def with_changes_seen(encounter: Encounter) -> Encounter:
    """The officer has seen what changed. What was kept stays kept."""
    return replace(encounter, begun_in=MappingProxyType({}))


def _misfits(encounter: Encounter, guide: Guide, changed: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """Answers that their question would not take today, and whether they can stay there all the same."""
    for id_, version in changed.items():
        before = _form(id_, version)
        for name, said in encounter.answers.items():
            if guide.asks(name) and before is not None and before.has(name) and not isinstance(said, Gap):
                one = guide.field(name)
                if not has_shape(one, said) and has_shape(before.field(name), said):
                    yield name, False
                elif not _words_of(said).isdisjoint(choices_gone(before.field(name), one)):
                    yield name, True


def _words_of(said: Answer) -> set[str]:
    """The stored words of an answer, and of the cells of its rows."""
    return {
        *codes_of(said),
        *(word for row in rows_of(said) for cell in row.values() for word in codes_of(cell)),
    }


def _counted_then(encounter: Encounter, before: Mapping[str, str], child: Answers) -> frozenset[str]:
    """The answers that counted in the editions ``before``, and those that were kept from earlier ones.

    What the officer had taken back is not among them: a later answer had hidden it. What no edition asked
    that is known here counts.
    """
    forms = [_form(id_, version) for id_, version in before.items()]
    fields: dict[str, Field] = {one.id: one for form in forms if form for one in form.fields()}
    all_known = None not in forms and encounter.editions
    counted = given = {
        name: said
        for name, said in encounter.answers.items()
        if name in fields or name in encounter.kept or not (all_known and definitions.once_asked(name))
    }
    for _ in fields:  # no condition hangs on itself, so this settles
        seen = {**child, **counted}
        shown = {
            name: said
            for name, said in given.items()
            if name not in fields or fields[name].shown.holds(seen)
        }
        if shown == counted:
            break
        counted = shown
    return frozenset(counted)


def _form(id_: str, version: str) -> Form | None:
    """A form in one edition; ``None`` where this app does not know it, as a draft of a newer app's."""
    try:
        return definitions.form_in(id_, version)
    except UnknownForm:
        return None


def _current(guide: Guide, id_: str) -> Form | None:
    forms = (*guide.forms, *guide.entities.values())
    return next((form for form in forms if form.id == id_), None)
