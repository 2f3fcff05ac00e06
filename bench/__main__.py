"""Measure, and print one JSON line per figure. Exits with 1 when a goal was missed."""

from __future__ import annotations

import json
import os
import sys

from house.parts import Row, main

KEYS = ("name", "value", "unit", "anchor", "goal", "ok", "samples", "load")


def show(figure: Row) -> bool:
    """Print one figure as a line of JSON; whether its goal was reached."""
    line = {"load": [round(load, 2) for load in os.getloadavg()], "samples": [], **figure}
    missing = [key for key in KEYS if key not in line]
    if missing:
        raise SystemExit(f"{figure.get('name', 'a figure')} lacks {', '.join(missing)}")
    print(json.dumps({key: line[key] for key in [*KEYS, *sorted(line.keys() - KEYS)]}), flush=True)
    return bool(line["ok"])


if __name__ == "__main__":
    raise SystemExit(main("bench", sys.argv[1:], show))
