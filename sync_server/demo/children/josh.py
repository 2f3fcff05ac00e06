"""Seventeen, back by himself, asleep: only what is known is sent, at once."""

from __future__ import annotations

from booklets.answers import Moment, Precision
from booklets.forms import Stage
from sync_server.demo.telling import At, Told, born, duty_team


def josh(at: At) -> Told:
    """Seventeen, back by himself, asleep: only what is known is sent, at once."""
    return Told(
        stage=Stage.FOUND,
        child={
            "known_as": "Josh",
            "given_names": "Joshua",
            "surname": "Ames",
            "dob": born(at, 17, 90),
            "sex": "M",
            "ethnicity_sde": "NS",
            "ethnicity_sde_not_stated_reason": "N3",
            "ethnicity_sde_not_stated_note": "Asleep. To be asked by the day shift.",
            "la_responsible": "E06000014",
        },
        others={
            "unit": (
                "place",
                {
                    "name": "Tang Hall unit",
                    "street": "Hatter’s Lane",
                    "town": "York",
                    "county": "York",
                    "place_type": "placement",
                },
            ),
            "night staff": (
                "person",
                {
                    "given_names": "Priya",
                    "surname": "Nair",
                    "relationship": "residential_worker",
                    "phones": ({"number": "01632 960177", "state": "on"},),
                },
            ),
        },
        answers={
            "ret.found_at": Moment(at(215).at, Precision.ABOUT),
            "ret.found_place": "unit",
            "ret.condition": ("asleep",),
            "ret.left_with": ("night staff",),
            "ret.la_informed": (
                duty_team(
                    "edt_york",
                    at(160),
                    "Back at the unit by himself, asleep, staff with him all night.",
                    "Noted for the social worker, who rings the unit at nine.",
                ),
            ),
        },
    )
