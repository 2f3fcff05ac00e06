"""Learn how much each cue counts in judging what an officer writes: ``python -m house.language``.

It reads the open part of the labelled sentences in ``tests/language`` and never the sealed part, and
writes ``booklets/definitions/language_weights.json``. The same sentences and words give the same file:
nothing is drawn by lot, and every sum is taken in the same order. Every count begins where we put it
(a way of saying it counts, whatever else does not) and is only moved from there by what was seen.
"""

# ruff: noqa: T201 - it speaks to a person at a terminal
from __future__ import annotations

import json
import math
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from booklets.checks.judging import KINDS, cues_of, judged

ROOT = Path(__file__).parents[1]
SENTENCES = ROOT / "tests" / "language"
WRITTEN = ROOT / "booklets" / "definitions" / "language_weights.json"
LEFT_ALONE = frozenset({"neutral", "lookalike", "quoted"})
FOLDS, ROUNDS, STEP = 6, 300, 0.15
BEGIN = {"always": -2.5, "strong 1": 3.0, "strong 2": 1.0, "strong 3": 0.5, "hints 1": 0.8, "hints 2": 0.8, "hints 3": 0.5,
         "corrects": -3.0, "clock": -0.5, "weighs 2": -0.3, "weighs 3": -0.5, "weighs 4": -0.5}  # fmt: skip
STIFF = {"wording": 1.0, "meaning": 1.0, "cue": 0.3, "begin": 2.0}
"""How hard it is to move a count from where it began: what few sentences show is moved little."""
LEAST = -0.5
"""Nothing is said below this, however few false alarms there are."""
OTHER = 0.2
"""What a sentence of another class counts among those that should not be caught: it may be both."""
FALSE_ALARMS = 0.006
"""So many of the sentences that should be left alone may be caught by one judgement, out of sample."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A labelled sentence, as far as one judgement can see it."""

    label: str
    cues: tuple[str, ...]
    fold: int


def sentences(part: str) -> Iterator[tuple[str, str, str]]:
    """Id, label and text of every sentence of a part."""
    for path in sorted(SENTENCES.glob(f"{part}_*.toml")):
        for one in tomllib.loads(path.read_text(encoding="utf-8"))["sentence"]:
            yield one["id"], one["label"], one["text"]


def seen_by(kind: str) -> list[Seen]:
    """Every open sentence that has a way of saying it, and which of the folds it is in."""
    seen = []
    for number, (_, label, text) in enumerate(sentences("open")):
        for judgement, part in judged(text):
            if judgement == kind:
                seen.append(Seen(label, tuple(cues_of(part, kind, text)), number % FOLDS))
    return seen


def learned(seen: Sequence[Seen], kind: str) -> dict[str, float]:
    """How much every cue counts, found by going downhill in small steps of a fixed number."""
    names = sorted({cue for one in seen for cue in one.cues})
    begin = {cue: BEGIN.get(cue, 0.0) for cue in names}
    counts = dict(begin)
    moved = dict.fromkeys(names, 0.0)
    for _ in range(ROUNDS):
        slope = {cue: _stiffness(cue) * (counts[cue] - begin[cue]) for cue in names}
        for one in seen:
            much = 1.0 if one.label == kind or one.label in LEFT_ALONE else OTHER
            wrong = much * (_chance(counts, one.cues) - (one.label == kind))
            for cue in one.cues:
                slope[cue] += wrong
        for cue in names:
            moved[cue] += slope[cue] ** 2
            counts[cue] -= STEP * slope[cue] / (math.sqrt(moved[cue]) + 1e-9)
    return counts


def _stiffness(cue: str) -> float:
    if cue in BEGIN:
        return STIFF["begin"]
    return STIFF["wording" if ": " in cue else "meaning" if cue.startswith("meaning ") else "cue"]


def _chance(counts: Mapping[str, float], cues: Sequence[str]) -> float:
    return 1 / (1 + math.exp(-sum(counts[cue] for cue in cues)))


def out_of_sample(seen: Sequence[Seen], kind: str) -> list[tuple[float, str]]:
    """What each sentence weighs by what was learned from the other folds, and its label."""
    weighed = []
    for fold in range(FOLDS):
        counts = learned([one for one in seen if one.fold != fold], kind)
        weighed += [
            (sum(counts.get(cue, BEGIN.get(cue, 0.0)) for cue in one.cues), one.label)
            for one in seen
            if one.fold == fold
        ]
    return weighed


def enough(weighed: Sequence[tuple[float, str]], left_alone: int) -> float:
    """The least weight at which no more than the few allowed false alarms are raised."""
    alarms = sorted((weight for weight, label in weighed if label in LEFT_ALONE), reverse=True)
    allowed = int(FALSE_ALARMS * left_alone)
    return max(alarms[allowed] + 0.01 if len(alarms) > allowed else LEAST, LEAST)


def main() -> int:
    """Learn, say how good it is out of sample, and write it down."""
    labels = [label for _, label, _ in sentences("open")]
    left_alone = sum(label in LEFT_ALONE for label in labels)
    judgements = {}
    for kind in KINDS:
        seen = seen_by(kind)
        weighed = out_of_sample(seen, kind)
        least = round(enough(weighed, left_alone), 2)
        caught = [label for weight, label in weighed if weight >= least]
        print(f"{kind}: {caught.count(kind)}/{labels.count(kind)} caught out of sample, enough {least};",
              {label: caught.count(label) for label in sorted(set(labels) - {kind})})  # fmt: skip
        counts = learned(seen, kind)
        kept = {cue: round(count, 2) for cue, count in sorted(counts.items()) if abs(count) >= 0.05}  # noqa: PLR2004
        judgements[kind] = {"enough": least, "counts": {**BEGIN, **kept}}
    written = {"made_by": "python -m house.language", "judgements": judgements}
    WRITTEN.write_text(json.dumps(written, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
