"""Learn how much each cue counts in judging what an officer writes: ``python -m house.language``.

It reads the open and the plain part of the labelled sentences in ``tests/language``, never the sealed part,
and writes ``booklets/definitions/language_weights.json``. The same sentences and words give the same file:
nothing is drawn by lot, and every sum is taken in the same order. How much a way of saying it counts is
given; how much every word counts, and what a sentence names, is learned. It takes about a minute.
"""

# ruff: noqa: T201 - it speaks to a person at a terminal
from __future__ import annotations

import json
import math
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from booklets.checks.judging import BY_SENTENCE, KINDS, cues_of, parts_of

ROOT = Path(__file__).parents[1]
SENTENCES = ROOT / "tests" / "language"
WRITTEN = ROOT / "booklets" / "definitions" / "language_weights.json"
LEFT_ALONE = frozenset({"neutral", "lookalike", "quoted"})
FOLDS, ROUNDS, STEP = 6, 250, 0.15
SAID = {
    "strong 1": 2.5, "strong 2": 1.0, "strong 3": 0.5, "hints 1": 0.4, "hints 2": 0.4, "hints 3": 0.3,
    "listed": 1.0, "corrects": -3.0,
}  # fmt: skip
OF_THE_WHOLE = {"strong 1": 1.0, "strong 2": 0.5, "strong 3": 0.5}
GIVEN = {"blaming": SAID, "opinion": SAID, "template": OF_THE_WHOLE, "empty": OF_THE_WHOLE}
"""What ways of saying it count. It is given and not learned: the words were written with every open
sentence in sight, so that on these sentences they look better than they are."""
STIFF = {"word": 0.3, "cue": 0.03}
"""How hard it is to move a count from nothing: what few sentences show is moved little."""
FEWEST, LEAST = 2, 0.05
"""A word is a cue where so many of the sentences have it."""
OTHER = 0.3
"""What a sentence of another class counts among those that should not be caught: it may be both."""
ALARMS = {"template": 0.01, "empty": 0.01, "blaming": 0.17, "opinion": 0.15}
"""How many of the sentences to be left alone may weigh enough, out of sample. Blame and opinion have to be
said in some way besides: theirs are shares of sentences that seem to say it, by one way and a hint."""


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


def seen() -> list[Seen]:
    """Every open sentence, what it is made of, and which of the folds it is in."""
    return [
        Seen(label, cues_of(parts_of(text)[0].reading), number % FOLDS)
        for number, (_, label, text) in enumerate((*sentences("open"), *sentences("plain")))
    ]


def learned(seen: Sequence[Seen], kind: str) -> dict[str, float]:
    """How much every cue counts, found by going downhill in small steps of a fixed number."""
    often = Counter(cue for one in seen for cue in one.cues)
    names = sorted(cue for cue, times in often.items() if times >= FEWEST)
    place = {cue: number for number, cue in enumerate(names)}
    made_of = [[place[cue] for cue in one.cues if cue in place] for one in seen]
    wanted = [float(one.label == kind) for one in seen]
    much = [1.0 if one.label == kind or one.label in LEFT_ALONE else OTHER for one in seen]
    stiff = [STIFF["word" if cue.startswith("word ") else "cue"] for cue in names]
    counts, moved = [0.0] * len(names), [0.0] * len(names)
    for _ in range(ROUNDS):
        slope = [one * count for one, count in zip(stiff, counts, strict=True)]
        for cues, right, weight in zip(made_of, wanted, much, strict=True):
            wrong = weight * (_chance(sum([counts[cue] for cue in cues])) - right)
            for cue in cues:
                slope[cue] += wrong
        moved = [one + steep**2 for one, steep in zip(moved, slope, strict=True)]
        counts = [
            count - STEP * steep / (math.sqrt(one) + 1e-9)
            for count, steep, one in zip(counts, slope, moved, strict=True)
        ]
    return dict(zip(names, counts, strict=True))


def _chance(weight: float) -> float:
    return 1 / (1 + math.exp(-weight))


def out_of_sample(seen: Sequence[Seen], kind: str) -> list[tuple[float, str]]:
    """What each sentence weighs by what was learned from the other folds, and its label."""
    weighed = []
    for fold in range(FOLDS):
        counts = learned([one for one in seen if one.fold != fold], kind)
        weighed += [
            (sum(counts.get(cue, 0.0) for cue in one.cues), one.label) for one in seen if one.fold == fold
        ]
    return weighed


def enough(weighed: Sequence[tuple[float, str]], kind: str) -> float:
    """The least weight at which no more than the few allowed false alarms are raised."""
    alarms = sorted((weight for weight, label in weighed if label in LEFT_ALONE), reverse=True)
    said = SAID["strong 1"] + SAID["hints 1"] if kind in BY_SENTENCE else 0.0
    return round(alarms[int(ALARMS[kind] * len(alarms))] + said + 0.01, 2)


def main() -> int:
    """Learn, say how good it is out of sample, and write it down."""
    all_seen, judgements = seen(), {}
    labels = [one.label for one in all_seen]
    for kind in KINDS:
        weighed = out_of_sample(all_seen, kind)
        least = enough(weighed, kind)
        for said in (0.0, 2.9, 3.9, 5.0) if kind in BY_SENTENCE else (0.0,):
            caught = Counter(label for weight, label in weighed if weight + said >= least)
            shares = {label: round(caught[label] / labels.count(label), 3) for label in sorted(set(labels))}
            print(f"{kind}, out of sample, where its wordings count {said}: enough {least};", shares)
        counts = {cue: round(one, 2) for cue, one in learned(all_seen, kind).items() if abs(one) >= LEAST}
        judgements[kind] = {"enough": least, "counts": {**counts, **GIVEN[kind]}}
    written = {"made_by": "python -m house.language", "judgements": judgements}
    WRITTEN.write_text(
        json.dumps(written, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
