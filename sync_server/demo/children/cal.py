"""Nine, begins to tell of a crime: the officer stops, keeps the first words, and calls."""

from __future__ import annotations

from booklets.answers import Gap, Why
from sync_server.demo.telling import At, Told, born, duty_team, rang, said


def cal(at: At) -> Told:
    """Nine, begins to tell of a crime: the officer stops, keeps the first words, and calls."""
    later = "Left to the specialist interview."
    asked_later = Gap(Why.NOT_ASKED, later)
    return Told(
        emergency="Sergeant and emergency duty team need this before the interview is planned for tonight.",
        child={
            "known_as": "Cal",
            "given_names": "Callum",
            "surname": "Dunn",
            "dob": born(at, 9, 150),
            "sex": "M",
            "ethnicity_sde": "NS",
            "ethnicity_sde_not_stated_reason": "N3",
            "ethnicity_sde_not_stated_note": "Not the moment: he had begun to tell.",
            "la_responsible": "E06000065",
        },
        others={
            "gran's": (
                "place",
                {
                    "building": "8",
                    "street": "Quarry Lane",
                    "town": "Malton",
                    "county": "North Yorkshire",
                    "postcode": "YO17 9ZZ",
                    "place_type": "home",
                },
            ),
            "park": ("place", {"name": "Play area by the weir", "town": "Malton", "place_type": "park"}),
            "gran": (
                "person",
                {
                    "given_names": "Jean",
                    "surname": "Dunn",
                    "relationship": "grandparent",
                    "phones": ({"number": "01632 960155", "state": "on"},),
                },
            ),
            "ivy": (
                "person",
                {
                    "known_as": "Ivy",
                    "surname": "Dunn",
                    "age_estimate": "4",
                    "sex": "F",
                    "relationship": "sibling",
                    "ppn_decision": "ppn_done",
                },
            ),
            "r": (
                "person",
                {
                    "known_as": "“R”",
                    "sex": "M",
                    "relationship": "partner_of_parent",
                    "children_access": "yes",
                    "children_access_who": "Cal and Ivy, every day.",
                },
            ),
        },
        answers={
            "ret.returned_before_report": "no",
            "ret.found_at": at(75),
            "ret.found_place": "park",
            "ret.found_how": "public",
            "ret.condition": ("awake_talking", "fearful"),
            "pi.injured": "no",
            "ret.medical_needed": Gap(Why.NOT_KNOWN, "To be decided with the paediatrician on call."),
            "ret.clothing_changed": "no",
            "pi.disclosure_stop": "yes",
            "pi.stop_danger": "yes",
            "pi.stop_danger_detail": "Cal, and his sister Ivy, 4, who is at the house with R now. "
            "Second unit sent to Ivy at once; she is with the health visitor and an officer.",
            "pi.stop_injuries": "no",
            "pi.stop_who": ("r",),
            "pi.stop_where": Gap(Why.NOT_ASKED, later),
            "pi.stop_when": Gap(Why.NOT_ASKED, later),
            "pi.stop_supervisor": (
                rang(
                    "sergeant",
                    "Sgt Oyelaran",
                    at(48),
                    told="Nine-year-old has begun to tell. First words kept. No more questions asked.",
                    response="Joint interview tonight. Do not tell the mother.",
                ),
            ),
            "pi.stop_preserved": ("clothes", "not_washed"),
            "pi.face_to_face": "yes",
            "pi.engaged": "yes",
            "pi.at": at(55),
            "pi.seen_alone": "yes",
            "pi.bwv": "yes",
            "pi.child_words": (
                said(
                    "Cal",
                    "You are not in trouble. Do you want to tell me anything?",
                    "R comes in when Mum’s asleep. I’m not allowed to say. I said to Gran I had a "
                    "tummy ache.",
                    at(52),
                ),
            ),
            "pi.offence": (
                said(
                    "Cal",
                    "You are not in trouble. Do you want to tell me anything?",
                    "R comes in when Mum’s asleep. I’m not allowed to say.",
                    at(52),
                ),
            ),
            "pi.supporting_adult_wanted": "yes",
            "pi.supporting_adult": "gran",
            "pi.self_harm_now": asked_later,
            "pi.demeanour": "Whispered. Held the dog’s lead in both hands all the time. Asked twice "
            "whether the door was shut. When I stopped asking he leaned against his grandmother and slept.",
            "ret.return_place": "gran's",
            "ret.left_with": ("gran",),
            "pi.danger_now": "yes",
            "pi.danger_now_detail": "From R, if he learns that Cal has spoken.",
            "pi.home_safe": "no",
            "pi.home_safe_because": "R lives at Mum’s. Cal stays at his grandmother’s with an officer "
            "outside.",
            "pi.immediate_action": ("moved_to_safety", "social_worker_called", "stayed_with"),
            "pi.immediate_action_detail": "At Gran’s, officer outside, duty social worker on the way.",
            "ret.la_informed": (
                duty_team(
                    "edt_north_yorkshire",
                    at(45),
                    "Child of nine has begun to tell of a crime by an adult at home. Sister of four at "
                    "the house. Nobody in the household may know.",
                    "Social worker on the way; strategy discussion by phone at once.",
                ),
            ),
            "pi.hbv_fm_fgm": "no",
            "ret.covert": "yes",
            "ret.handling": "Mother and R must not know that Cal has spoken, nor where he is, until "
            "the strategy discussion has decided.",
            "ret.parents_informed": "not_told",
            "ret.parents_informed_because": "The person he spoke of lives with his mother.",
            "pi.other_children": "yes",
            "pi.other_children_who": ("ivy",),
            "pi.ppn_needed": "yes",
            "pi.ppn_needed_because": "He has begun to tell of a crime by an adult in his home; a "
            "sister of four lives there.",
            "pi.carer_view": asked_later,
            "pi.why_left": asked_later,
        },
    )
