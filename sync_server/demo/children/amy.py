"""Fifteen, found by a patrol in a lay-by, with a bruise and a debt."""

from __future__ import annotations

from booklets.answers import Gap, Why
from sync_server.demo.telling import At, Told, account, born, duty_team, said


def amy(at: At) -> Told:
    """Fifteen, found by a patrol in a lay-by, with a bruise and a debt."""
    return Told(
        child={
            "known_as": "Amy",
            "given_names": "Amy Louise",
            "surname": "Brook",
            "dob": born(at, 15, 200),
            "sex": "F",
            "ethnicity_sde": "W1",
            "ethnicity_sde_by": "self",
            "first_language": "English",
            "interpreter_needed": "no",
            "disability_needs": ("none_known",),
            "neurodiversity": ("awaiting_assessment",),
            "safe_contact": "phone_own",
            "safe_contact_detail": "By text, after school. Not when Dean may have the phone.",
            "la_responsible": "E06000065",
            "care_status": "none",
            "plan_status": ("EH",),
            "addresses": ({"place": "home", "type": "home"},),
            "phones": ({"number": "07700 900162", "state": "on", "owner": "Amy"},),
        },
        others={
            "home": (
                "place",
                {
                    "building": "14",
                    "street": "Ravine Terrace",
                    "town": "Scarborough",
                    "county": "North Yorkshire",
                    "postcode": "YO11 9ZZ",
                    "place_type": "home",
                },
            ),
            "lay-by": (
                "place",
                {
                    "name": "Lay-by on the Whitby road",
                    "town": "Burniston",
                    "county": "North Yorkshire",
                    "place_type": "street",
                    "risk_at_place": ("no_witnesses",),
                    "description": "Northbound side, by the closed picnic site. No lights. Gap in the "
                    "fence to the old railway.",
                },
            ),
            "flat": (
                "place",
                {
                    "name": "Flat above the closed arcade",
                    "street": "Foreshore",
                    "town": "Scarborough",
                    "place_type": "suspected_exploitation_address",
                    "risk_at_place": ("adults_gathering",),
                    "occupier": "Amy says “Dean’s mate”. No name.",
                },
            ),
            "mum": (
                "person",
                {
                    "given_names": "Karen",
                    "surname": "Brook",
                    "relationship": "mother",
                    "phones": ({"number": "07700 900123", "state": "on"},),
                },
            ),
            "dean": (
                "person",
                {
                    "known_as": "Dean",
                    "age_estimate": "22",
                    "sex": "M",
                    "relationship": "suspected_exploiter",
                    "ethnicity_sde": "NS",
                    "ethnicity_sde_not_stated_reason": "N5",
                    "children_access": Gap(Why.NOT_KNOWN, "Amy says “Dean’s mate” has a baby."),
                },
            ),
            "leo": (
                "person",
                {
                    "known_as": "Leo",
                    "surname": "Brook",
                    "age_estimate": "9",
                    "sex": "M",
                    "relationship": "sibling",
                    "ppn_decision": "ppn_done",
                    "ethnicity_sde": "W1",
                },
            ),
            "phone": (
                "object",
                {
                    "object_type": "phone",
                    "colour": "black",
                    "make": "Samsung",
                    "state": "seen",
                    "description": "Second phone, black Samsung, cracked corner",
                },
            ),
        },
        answers={
            "ret.returned_before_report": "no",
            "ret.found_at": at(170),
            "ret.found_place": "lay-by",
            "ret.found_how": "police_patrol",
            "ret.condition": ("awake_talking", "distressed", "injured_minor"),
            "pi.injured": "yes",
            "pi.physical": (
                "Round red mark, about 1 cm across, inside of right wrist. Skin not broken. Amy "
                "covered it with her sleeve when I looked. She said: “It’s nothing, he just held on.” "
                "No other marks that could be seen with her coat and school shirt on. Shivering; 3 °C; "
                "no coat when she was found."
            ),
            "pi.body_map": ("right_wrist",),
            "ret.medical_needed": "yes",
            "ret.medical_offered": "yes",
            "ret.medical_accepted": "no",
            "ret.medical_detail": "Ambulance offered at the lay-by and again at home. Amy said no both "
            "times. Mum will ring the surgery at eight.",
            "ret.clothing_changed": "yes",
            "ret.clothing_changed_detail": "Left in school uniform with a grey coat (reporter). Found "
            "in the school shirt and new white trainers. No coat. She would not say where the trainers "
            "are from.",
            "pi.face_to_face": "yes",
            "pi.engaged": "partly",
            "pi.not_engaged_detail": "Talked for twenty minutes in her room, then said she was tired. "
            "I said that somebody who is not police will come and that she may choose where.",
            "pi.at": at(95),
            "pi.seen_alone": "yes",
            "pi.supporting_adult_wanted": "no",
            "pi.bwv": "yes",
            "pi.child_words": (
                said(
                    "Amy",
                    "Tell me about tonight.",
                    "I just needed to be somewhere nobody wants anything off me. I went to the sea "
                    "first. Then he rang and said he’d come and get me.",
                    at(92),
                ),
                said(
                    "Amy",
                    "Who is he?",
                    "Dean. He’s all right. He’s not all right when he’s had a drink. He says I owe him "
                    "for the phone, and for the shoes, and he’s keeping count.",
                    at(90),
                ),
                said(
                    "Amy",
                    "What would help?",
                    "If someone asked our Leo as well. He won’t say it, but he hears it all.",
                    at(81),
                ),
            ),
            "pi.why_left": "Argument at tea between Mum and Mum’s partner about money. Amy says the "
            "shouting goes on most nights for months and that she goes out “so there’s one less of "
            "us”. Dean had messaged her in the afternoon and said he had something for her.",
            "pi.where": ("lay-by", "flat"),
            "pi.who": ("dean",),
            "pi.worries": "He knows where my school is. He said he’d wait outside on Monday.",
            "pi.wants": "I want my old phone number back and for him not to have the new one. I’d talk "
            "to Miss Ahmed at school. Not the lady from before.",
            "pi.prevent": "If there was somewhere to go when they kick off. Just to sit. Till eleven "
            "or something.",
            "pi.demeanour": "Quiet in the car, looked at the door each time a car passed. In her room "
            "she talked to the wall rather than to me and smiled once, about her brother. When Mum "
            "came in she stopped.",
            "pi.carer_view": "Karen says Amy has been out late nine or ten times this term and that "
            "she stopped ringing police “because nothing comes of it”. She has not met Dean. She cried "
            "when I told her about the wrist.",
            "pi.harm": "yes",
            "pi.harm_types": ("physical_assault", "threats"),
            "pi.harm_detail": "Dean held her wrist in the flat when she wanted to leave, late in the "
            "evening. Two other men were in the next room; she does not know their names.",
            "pi.offence_told": "yes",
            "pi.offence": (
                said(
                    "Amy",
                    "What happened to your wrist?",
                    "He just held on. I said I was going and he held on and said not till we’re square.",
                    at(88),
                ),
            ),
            "pi.pressured": "yes",
            "pi.pressured_acts": ("carry", "hold"),
            "pi.pressured_detail": "“Only a bag, only twice.” From the flat to the bus station, some "
            "weeks ago. She did not look inside. I asked nothing more about it.",
            "pi.debt": "yes",
            "pi.debt_detail": "Says she owes Dean £240: the phone, the trainers, and “food and that”. "
            "He writes it down. If it is not paid she is to “do a trip”.",
            "pi.online": "yes",
            "pi.online_detail": "Snapchat, name she gave me: dxn_22. Eleven messages tonight, the "
            "last: “u home yet. dont make me come up”. Seen on her screen, photographed with her "
            "agreement.",
            "pi.evidence_advice": "given",
            "pi.evidence_given_to": ("child", "parent_carer"),
            "pi.identifiers": (account("snapchat", "dxn_22", at(100)),),
            "pi.device_retained": "no",
            "pi.device_retained_because": "Amy needs it tonight, and agreed to leave it charged and unused. "
            "Digital forensics decide in the morning.",
            "pi.substances": "no",
            "pi.self_harm_now": "no",
            "pi.home_afraid": Gap(
                Why.REFUSED, "She shook her head and asked to stop there. Ask again, elsewhere."
            ),
            "ret.new_items": "yes",
            "ret.items": ("phone",),
            "ret.items_from": "From Dean, three weeks ago. White trainers too; she does not know what "
            "they cost.",
            "ret.return_place": "home",
            "ret.left_with": ("mum",),
            "pi.danger_now": "yes",
            "pi.danger_now_detail": "Dean knows the address and the school, and has said that he will come.",
            "pi.home_safe": "with_plan",
            "pi.home_safe_because": "Mum is up with her until morning, chain on the door, 999 if he "
            "comes. Marker put on the address tonight. Leo, 9, sleeps at the aunt’s.",
            "pi.immediate_action": ("safety_plan", "social_worker_called"),
            "pi.immediate_action_detail": "Safety plan agreed with Amy and Mum. Duty team rung. "
            "Address marker asked for.",
            "ret.la_informed": (
                duty_team(
                    "edt_north_yorkshire",
                    at(120),
                    "Found in a lay-by, mark on wrist, adult named Dean, debt, threat to come to the "
                    "house. Home with Mum.",
                    "Strategy discussion to be called in the morning. Asked us to send the PPN tonight.",
                ),
            ),
            "pi.hbv_fm_fgm": "no",
            "ret.covert": "no",
            "ret.parents_informed": "told",
            "pi.other_children": "yes",
            "pi.other_children_who": ("leo",),
            "pi.ppn_needed": "yes",
            "pi.ppn_needed_because": "Fifteen, adult who gives her things and counts them, held her by "
            "the wrist, asks her to carry bags. She asked for her brother to be heard too.",
            "pi.rhi_told": "yes",
        },
    )
