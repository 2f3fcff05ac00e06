"""Break things on purpose, and print one line per trial. Exits with 1 unless every trial held."""

from __future__ import annotations

import sys

from house.parts import Row, main

ALONE = frozenset({"link", "soak"})
"""These say how long something took, or how much room."""
KEYS = ("name", "tried", "lost", "accepted_wrongly", "control", "control_found")


def show(trial: Row) -> bool:
    """Print one trial as a line; whether nothing was lost or let in, and the control failed as it must."""
    missing = [key for key in KEYS if key not in trial]
    if missing:
        raise SystemExit(f"{trial.get('name', 'a trial')} lacks {', '.join(missing)}")
    held = bool(
        trial["tried"] and not trial["lost"] and not trial["accepted_wrongly"] and trial["control_found"]
    )
    numbers = " ".join(f"{key}={trial[key]}" for key in KEYS[1:4])
    control = f'control="{trial["control"]}" control_found={trial["control_found"]}'
    print(f"{trial['name']:36} {numbers} {control} {'held' if held else 'FAILED'}", flush=True)
    if trial.get("measured"):
        print(f"{'':36} {trial['measured']}", flush=True)
    return held


if __name__ == "__main__":
    raise SystemExit(main("faults", sys.argv[1:], show, beside=lambda part: part not in ALONE))
