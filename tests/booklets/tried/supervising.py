"""Each rule of a supervisor's decision, both ways."""

from __future__ import annotations

from datetime import timedelta

from booklets.answers import Answer, Moment
from booklets.decisions import Outcome
from tests.booklets.tried.nights import NIGHTS
from tests.support.builders import A_DIRECTION, DECIDED, NIGHT, PEOPLE
from tests.support.missing import a_row
from tests.support.tried import Changed, Said, Tries, both_ways

DECISION = NIGHTS["supervision"]
NONE_THERE: Changed = {"sup.markers": "none_there"}
MARKED = PEOPLE[0].changed("person.warning_markers", a_row(marker="SH"), at=NIGHT, by="NYP-2217")
NOBODY: Changed = {
    "sup.directions": None,
    "sup.no_directions_because": "The duty team has the bruise, and his aunt has him till Monday.",
}
BACK: Changed = {**dict.fromkeys(DECIDED[Outcome.APPROVE]), **DECIDED[Outcome.RETURN]}
PARTLY: Changed = {"sup.voice": "partly", "sup.voice_missing": "Kit was not asked where he slept on Friday."}
RATIONALE = str(DECIDED[Outcome.APPROVE]["sup.rationale"])
RETURNED = str(DECIDED[Outcome.RETURN]["sup.return_words"])
OTHER = "The mother spoke to the night carer twice, and the school nurse looks at the hand on Monday."


def before(question: str, words: str, changed: Changed) -> Said:
    """What the same supervisor wrote yesterday of another child."""
    earlier: dict[str, Answer] = {question: words}
    return Said(changed=changed, known={"decided": (earlier,)})


def directed(what: str) -> Changed:
    """One direction, owned and timed."""
    return {"sup.directions": ({**A_DIRECTION, "what": what},)}


OF_A_DECISION: list[Tries] = [
    ("SUP-0", {"sup.read": "no"}, {}, "approved unread"),
    ("SUP-L", {"sup.language": "no"}, {}, "approved with words that blame"),
    (
        "SUP-R04a",
        Said(changed=NONE_THERE, child=MARKED),
        Said(child=MARKED),
        "no markers, though the record names one",
    ),
    ("SUP-R04", {"sup.markers": "not_considered"}, {}, "approved with markers that nobody weighed"),
    ("SUP-R04b", Said(known={"unapproved": ("Markers: 1 of 2",)}), {}, "its own form holds it up"),
    ("SUP-R13", {"sup.other_children": "not_all"}, {}, "another child was not decided on"),
    ("SUP-26", {**NOBODY, "sup.offences": "to_record"}, NOBODY, "offences, and nobody records them"),
    (
        "SUP-54",
        {**NOBODY, "sup.risk_right": "higher", "sup.risk_should_be": "high"},
        NOBODY,
        "another level, and nobody looks again",
    ),
    ("SUP-15", directed("Send the PPN after the search warrant."), {}, "a referral waits for a warrant"),
    ("T-01", {"sup.owner_accepted_at": Moment(NIGHT + timedelta(hours=1))}, {}, "in an hour's time"),
    ("SUP-A", {"sup.directions": ({"what": "Ring the aunt"},)}, {}, "nobody's, and no time"),
    ("SUP-1", {"sup.rationale": "noted, all in order"}, {}, "says nothing of the child"),
    ("SUP-2", {**BACK, "sup.return_words": "See above, thanks."}, BACK, "says nothing to do"),
    ("SUP-3", directed("usual enquiries"), {}, "nothing specific"),
    ("SUP-4", {**NOBODY, "sup.no_directions_because": "none needed"}, NOBODY, "no reason"),
    ("SUP-5", {"sup.risk_right_because": "agree"}, {}, "no reason"),
    ("SUP-6", {**PARTLY, "sup.voice_missing": "noted"}, PARTLY, "not what is missing"),
    ("SUP-7", {"sup.markers_because": "noted"}, {}, "no reason"),
    (
        "SUP-8",
        before("sup.rationale", RATIONALE, {}),
        before("sup.rationale", OTHER, {}),
        "yesterday's words again",
    ),
    (
        "SUP-9",
        before("sup.return_words", RETURNED, BACK),
        before("sup.return_words", OTHER, BACK),
        "yesterday's words again",
    ),
]
OF_SUPERVISING = [*both_ways("sup", DECISION, OF_A_DECISION)]
