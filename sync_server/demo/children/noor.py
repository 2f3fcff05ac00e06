"""Thirteen, at a friend's house, because of school."""

from __future__ import annotations

from booklets.answers import Gap, Why
from sync_server.demo.telling import At, Told, born, duty_team, said


def noor(at: At) -> Told:
    """Thirteen, at a friend's house, because of school."""
    return Told(
        child={
            "known_as": "Noor",
            "given_names": "Noor",
            "surname": "Haddad",
            "dob": born(at, 13, 40),
            "sex": "F",
            "ethnicity_sde": "O2",
            "ethnicity_sde_by": "self",
            "first_language": "Arabic",
            "interpreter_needed": "no",
            "disability_needs": ("none_known",),
            "neurodiversity": ("none_known",),
            "safe_contact": "school",
            "la_responsible": "E06000065",
            "care_status": "none",
            "plan_status": ("none_known",),
        },
        others={
            "home": (
                "place",
                {
                    "building": "3",
                    "street": "Weavers Row",
                    "town": "Selby",
                    "county": "North Yorkshire",
                    "postcode": "YO8 9ZZ",
                    "place_type": "home",
                },
            ),
            "friend's": (
                "place",
                {
                    "name": "Lily’s house",
                    "street": "Abbey Walk",
                    "town": "Selby",
                    "county": "North Yorkshire",
                    "place_type": "associate_address",
                },
            ),
            "mum": (
                "person",
                {
                    "given_names": "Rania",
                    "surname": "Haddad",
                    "relationship": "mother",
                    "phones": ({"number": "07700 900181", "state": "on"},),
                },
            ),
            "lily": (
                "person",
                {
                    "known_as": "Lily",
                    "age_estimate": "13",
                    "relationship": "friend_child",
                    "ppn_decision": "no_ppn",
                    "ppn_decision_because": "At home with both parents, seen and well; nothing said.",
                },
            ),
        },
        answers={
            "ret.returned_before_report": "no",
            "ret.found_at": at(120),
            "ret.found_place": "friend's",
            "ret.found_how": "with_family",
            "ret.brought_by": ("mum",),
            "ret.condition": ("awake_talking", "tired_hungry"),
            "pi.injured": "no",
            "ret.medical_needed": "no",
            "ret.clothing_changed": "no",
            "pi.face_to_face": "yes",
            "pi.engaged": "yes",
            "pi.at": at(62),
            "pi.seen_alone": "yes",
            "pi.supporting_adult_wanted": "no",
            "pi.bwv": "no",
            "pi.bwv_because": "Battery flat after the job before; noted on the log.",
            "pi.child_words": (
                said(
                    "Noor",
                    "What was today like?",
                    "Nobody at that school talks to me. They talk about me. There’s a group and I’m "
                    "not in it but they send it to me so I see.",
                    at(60),
                ),
                said(
                    "Noor",
                    "What made you go to Lily’s?",
                    "She doesn’t have it on her phone. I just wanted to be where it isn’t.",
                    at(57),
                ),
            ),
            "pi.why_left": "Did not go home after school. Sixteen messages about her in a group of her "
            "class, screenshots sent to her by a girl she will not name. Went to Lily’s, phone off, "
            "because it “kept going”.",
            "pi.where": ("friend's",),
            "pi.who": ("lily",),
            "pi.worries": "That Mum goes to the school and it gets worse.",
            "pi.wants": "To change form. Mr Okafor is all right, he could sort it without making a "
            "thing of it.",
            "pi.prevent": "If I could text someone instead of ringing. I can’t ring with people there.",
            "pi.demeanour": "Calm, tidy, spoke in full sentences and looked at me. Picked at her "
            "sleeve when the phone was mentioned. Laughed with her mother at the door.",
            "pi.carer_view": "Rania has seen that Noor eats little and stays in her room. She did not "
            "know of the group. She rang police because the phone had never been off before.",
            "pi.harm": "no",
            "pi.offence_told": "no",
            "pi.pressured": "no",
            "pi.debt": "no",
            "pi.online": "yes",
            "pi.online_detail": "Class group, about thirty members, name-calling for weeks; one "
            "picture of her changed with text on it. No nudity. She has the screenshots.",
            "pi.evidence_advice": "given",
            "pi.substances": "no",
            "pi.self_harm_now": Gap(
                Why.REFUSED, "“I don’t want to say that one.” Mum told to stay near; school nurse."
            ),
            "pi.home_afraid": "no",
            "ret.new_items": "no",
            "ret.return_place": "home",
            "ret.left_with": ("mum",),
            "pi.danger_now": "no",
            "pi.home_safe": "yes",
            "pi.home_safe_because": "Warm, food on the table, mother and grandmother at home; Noor "
            "says it is fine there.",
            "pi.immediate_action": ("stayed_with",),
            "pi.immediate_action_detail": "Stayed until Noor had eaten. Crisis line and text service "
            "given to both.",
            "ret.la_informed": (
                duty_team(
                    "edt_north_yorkshire",
                    at(65),
                    "Found at a friend’s, home with Mum, bullied at school and online, would not "
                    "answer the question about self-harm.",
                    "Will pass to the school team.",
                ),
            ),
            "pi.hbv_fm_fgm": "no",
            "ret.covert": "no",
            "ret.parents_informed": "told",
            "pi.other_children": "no",
            "pi.ppn_needed": "yes",
            "pi.ppn_needed_because": "Thirteen, bullied for weeks, would not answer about self-harm.",
            "pi.rhi_told": "yes",
        },
    )
