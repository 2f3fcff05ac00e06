"""Learn how much each cue counts in judging what an officer writes: ``python -m house.language``.

It reads the labelled sentences in ``tests/language`` that are there to be learned from (``open``, ``plain``
and everything in ``written``), never a sealed one, and writes ``language_weights.json`` among the
definitions. How much is enough is found out of sample: what one writer wrote is weighed by what was learned
from others. It takes a few minutes and scikit-learn (``make language`` installs it).
"""

# ruff: noqa: T201 - it speaks to a person at a terminal
from __future__ import annotations

import hashlib
import json
import math
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from booklets.checks.judging import FEW_WORDS, Part, cues_of, parts_of, words_in
from booklets.checks.learned import FILE, HUNDREDTHS, KINDS
from booklets.checks.pieces import letters_of, runs_of, words_of

ROOT = Path(__file__).parents[1]
SENTENCES = ROOT / "tests" / "language"
DEFINITIONS = ROOT / "booklets" / "definitions"
WRITTEN = DEFINITIONS / FILE
LEFT_ALONE = frozenset({"neutral", "lookalike", "quoted"})
WORDS = ("language.toml", "wording.toml", "saying.toml")
"""What the cues are made of: a change of it asks for learning anew."""
CUE = 0.5
"""What a cue counts beside a run or a piece: there are few of them, and each says more."""
FEWEST = {"cues": 5, "runs": 2, "letters": 3}
"""In how many sentences something has to be to be learned."""
NUMBERS = ("always", "enough", "beside", "few", "sure")
KEPT = 7_000
"""Of everything learned for a judgement only so much is kept: what says most, most often."""
OTHER = 0.05
"""What a sentence of another class counts among those that should not be caught: it may be both."""
LIKE: Mapping[str, str] = {"template": "empty", "empty": "template"}
AS_MUCH = 0.3
"""What a stock reason counts among empty notes, and the other way: most are both, so both are caught."""
WIDER = 6.0
"""By how much every count is stretched, so that little of it is lost where it is kept in hundredths."""
LOOKS_LIKE = 2.0
"""What a harmless sentence in the words of a bad one counts: few were written, and each is a false alarm."""
EASE = 1.0
"""How easily a count is moved from nothing by what few sentences show; larger is easier."""
ALARMS = {"blaming": 0.008, "opinion": 0.011, "template": 0.008}
"""How many of the plain texts that should be left alone may weigh enough, out of sample."""
BY_WRITER = {"empty": 0.006}
"""How many of those of more than a few words, where every writer's share counts alike: two writers wrote
most of the shortest ones, and what those may weigh says little of what officers write."""
OF_FEW_WORDS = {"empty": 0.06}
"""How many of those of a few words."""
GROUPS = 9
"""In so many groups writers are weighed by what was learned from the other groups: one by one would take
three times as long."""
FEWEST_TEXTS = 50
"""A writer of fewer texts has no share of them."""
BESIDE = {"blaming": 0.012, "opinion": 0.012}
"""How many of those of several sentences, of which each may: what is judged sentence by sentence."""
SPLIT = frozenset({"neutral", "quoted"})
"""Of these every sentence is one to be left alone. Of others nobody said which sentence it is."""
SURE = 0.002
"""How many may weigh so much that nearly nothing speaks against it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A labelled text or a sentence of one, who wrote it, and what it is made of: each with how much of it.

    ``text`` is the text's number, ``few`` whether it is a word or two, and ``beside`` whether other
    sentences stand beside this one.
    """

    label: str
    writer: str
    made_of: Mapping[tuple[str, str], float]
    text: int
    few: bool
    beside: bool = False


def sentences() -> Iterator[tuple[str, str, str]]:
    """Writer, label and text of every sentence that is learned from."""
    for part in ("open", "plain"):
        for path in sorted(SENTENCES.glob(f"{part}_*.toml")):
            for one in tomllib.loads(path.read_text(encoding="utf-8"))["sentence"]:
                yield part, one["label"], one["text"]
    for path in sorted(SENTENCES.glob("written/*/*.txt")):
        for text in path.read_text(encoding="utf-8").splitlines():
            yield path.parent.name, path.stem, text


def seen_whole() -> Iterator[Seen]:
    """Every text as one."""
    for number, (writer, label, text) in enumerate(sentences()):
        part = _all_of(text)
        yield Seen(label, writer, made_of(part, stock_of_others(writer)), number, part.words <= FEW_WORDS)


def seen_by_sentence() -> Iterator[Seen]:
    """Every text, and every sentence of those that are harmless throughout."""
    for number, (writer, label, text) in enumerate(sentences()):
        parts = parts_of(text)
        several = len(parts.sentences) > 1
        split = parts.sentences if several and label in SPLIT else (_all_of(text),)
        for one in split:
            few = one.words <= FEW_WORDS
            yield Seen(
                label, writer, made_of(one, stock_of_others(writer)), number, few, beside=len(split) > 1
            )


def _all_of(text: str) -> Part:
    """A text as one; its first sentence, where it is too long to be judged as one."""
    parts = parts_of(text)
    return parts.whole or parts.sentences[0]


@cache
def stock_words() -> Mapping[str, frozenset[str]]:
    """The stems that empty notes and reasons that fit every child are made of, and who has them."""
    found: dict[str, set[str]] = {}
    for writer, label, text in sentences():
        if label in LIKE:
            for one in words_in(_all_of(text).reading):
                found.setdefault(one, set()).add(writer)
    return {one: frozenset(writers) for one, writers in found.items()}


@cache
def stock_of_others(writer: str) -> frozenset[str]:
    """Those of all others than a writer, whose own words are new to whoever learns from the others."""
    return frozenset(one for one, writers in stock_words().items() if writers - {writer})


def made_of(part: Part, stock: frozenset[str]) -> dict[tuple[str, str], float]:
    """The cues, runs and letters of a part, weighed as ``pieces`` and ``judging`` weigh them."""
    found = {("cues", one): CUE for one in cues_of(part, corrected=part.corrects, stock=stock)}
    runs = [run for run, _, _ in runs_of(part.reading)]
    letters = [piece for word, _ in words_of(part.reading) for piece in letters_of(word)]
    for sort, pieces in (("runs", runs), ("letters", letters)):
        each = 1 / math.sqrt(len(pieces) or 1)
        for piece, times in Counter(pieces).items():
            found[sort, piece] = times * each
    return found


def learned_from() -> str:
    """A fingerprint of the sentences and of the words beside them, kept with what was learned."""
    said = [*sentences(), *((name, (DEFINITIONS / name).read_text(encoding="utf-8")) for name in WORDS)]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Learning:
    """The sentences as a table, with a column for everything that is in enough of them.

    What stands in few sentences says more of them than what stands in many: ``rare`` says how much more, and
    the table has it in it.
    """

    columns: Sequence[tuple[str, str]]
    rare: Sequence[float]
    table: Any
    labels: Sequence[str]
    writers: Sequence[str]
    texts: Sequence[int]
    few: Sequence[bool]
    beside: Sequence[bool]

    @classmethod
    def of(cls, seen: Sequence[Seen]) -> Learning:
        """The table of these sentences."""
        from scipy.sparse import csr_matrix  # noqa: PLC0415 - only who learns has it

        often = Counter(one for sentence in seen for one in sentence.made_of)
        columns = sorted(one for one, times in often.items() if times >= FEWEST[one[0]])
        place = {one: number for number, one in enumerate(columns)}
        rare = [math.log(len(seen) / often[one]) for one in columns]
        rare = [one * len(rare) / sum(rare) for one in rare]
        cells = [
            (row, place[one], much * rare[place[one]])
            for row, sentence in enumerate(seen)
            for one, much in sentence.made_of.items()
            if one in place
        ]
        rows, at, values = zip(*cells, strict=True)
        table = csr_matrix((values, (rows, at)), shape=(len(seen), len(columns)))
        labels, writers = [one.label for one in seen], [one.writer for one in seen]
        texts, few, beside = (
            [one.text for one in seen],
            [one.few for one in seen],
            [one.beside for one in seen],
        )
        return cls(columns, rare, table, labels, writers, texts, few, beside)

    def fitted(self, kind: str, rows: Sequence[int], columns: Sequence[int] | None = None) -> Any:
        """What each column counts for a judgement, by these sentences alone."""
        from sklearn.svm import LinearSVC  # noqa: PLC0415 - only who learns has it

        labels = [self.labels[row] for row in rows]
        wanted = [label in {kind, LIKE.get(kind)} for label in labels]
        much = [_much(label, kind) for label in labels]
        table = self.table[list(rows)]
        model = LinearSVC(C=EASE, class_weight="balanced", max_iter=5000, random_state=0)
        model.fit(table if columns is None else table[:, list(columns)], wanted, sample_weight=much)
        model.coef_, model.intercept_ = model.coef_ * WIDER, model.intercept_ * WIDER
        return model

    def out_of_sample(self, kind: str) -> list[float]:
        """What each sentence weighs by what was learned from other writers, and nothing from its own."""
        weighed = [0.0] * len(self.labels)
        everybody = range(len(self.labels))
        writers = sorted(set(self.writers))
        for group in (frozenset(writers[first::GROUPS]) for first in range(GROUPS)):
            own = [row for row in everybody if self.writers[row] in group]
            model = self.fitted(kind, [row for row in everybody if self.writers[row] not in group])
            for row, weight in zip(own, model.decision_function(self.table[own]), strict=True):
                weighed[row] = float(weight)
        return weighed

    def counts(self, kind: str) -> tuple[dict[tuple[str, str], float], float]:
        """What everything counts that is kept, and what counts always; learned from all sentences."""
        import numpy as np  # noqa: PLC0415 - only who learns has it

        everybody = range(len(self.labels))
        often = np.sqrt(np.asarray(self.table.multiply(self.table).sum(axis=0)).ravel())
        says = np.abs(self.fitted(kind, everybody).coef_[0]) * often
        keep = sorted(np.argsort(-says, kind="stable")[:KEPT].tolist())
        model = self.fitted(kind, everybody, keep)
        counts = {
            self.columns[column]: float(count) * self.rare[column]
            for column, count in zip(keep, model.coef_[0], strict=True)
        }
        return counts, float(model.intercept_[0])


def _much(label: str, kind: str) -> float:
    """What a sentence counts where a judgement is learned."""
    if label == "lookalike":
        return LOOKS_LIKE
    if label == kind or label in LEFT_ALONE:
        return 1.0
    return AS_MUCH if label == LIKE.get(kind) else OTHER


def least(learning: Learning, weighed: Sequence[float], share: float, *, beside: bool = False) -> float:
    """The weight that no more than this share of the neutral texts reach: of one sentence, or of several."""
    most: dict[int, float] = {}
    for row, weight in enumerate(weighed):
        if learning.labels[row] == "neutral" and learning.beside[row] == beside:
            text = learning.texts[row]
            most[text] = max(weight, most.get(text, weight))
    neutral = sorted(most.values(), reverse=True)
    return neutral[int(share * len(neutral))] + 0.005


def least_by_writer(learning: Learning, weighed: Sequence[float], share: float) -> float:
    """The weight that no more than this share of the neutral texts of some length reach, a writer's mean."""
    theirs: dict[str, list[float]] = {}
    for row, weight in enumerate(weighed):
        if learning.labels[row] == "neutral" and not learning.few[row]:
            theirs.setdefault(learning.writers[row], []).append(weight)
    each = [(weight, 1 / len(own)) for own in theirs.values() if len(own) >= FEWEST_TEXTS for weight in own]
    reach, writers = 0.0, sum(part for _, part in each)
    for weight, part in sorted(each, reverse=True):
        reach += part / writers
        if reach > share:
            return weight + 0.005
    return 0.0


def least_of_few(learning: Learning, weighed: Sequence[float], share: float) -> float:
    """The weight that no more than this share of the neutral texts of a word or two reach."""
    rows = zip(weighed, learning.labels, learning.few, strict=True)
    neutral = sorted((weight for weight, label, few in rows if few and label == "neutral"), reverse=True)
    return neutral[int(share * len(neutral))] + 0.005


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is enough: for a text, a sentence beside others, a word or two; and how much is sure."""

    enough: float
    beside: float
    few: float
    sure: float

    @classmethod
    def of(cls, kind: str, learning: Learning, weighed: Sequence[float]) -> Limits:
        """What is enough for a judgement, by what each writer's texts weigh by the others."""
        by_writer = kind in BY_WRITER
        enough = (
            least_by_writer(learning, weighed, BY_WRITER[kind])
            if by_writer
            else least(learning, weighed, ALARMS[kind])
        )
        beside = least(learning, weighed, BESIDE[kind], beside=True) if kind in BESIDE else enough
        sure = least(learning, weighed, SURE)
        few = least_of_few(learning, weighed, OF_FEW_WORDS[kind]) if kind in OF_FEW_WORDS else sure
        return cls(enough, max(beside, enough), few, sure)

    def reached(self, learning: Learning, weighed: Sequence[float]) -> list[bool]:
        """Which rows weigh enough, listed wordings aside."""
        return [
            weight >= (self.few if few else self.beside if beside else self.enough)
            for weight, few, beside in zip(weighed, learning.few, learning.beside, strict=True)
        ]


def told(kind: str, learning: Learning, limits: Limits, reached: Sequence[bool]) -> None:
    """Say how good it is out of sample."""
    labels = learning.labels
    caught = Counter(label for hit, label in zip(reached, labels, strict=True) if hit)
    shares = {label: round(caught[label] / labels.count(label), 3) for label in sorted(set(labels))}
    print(f"{kind}, each writer by the others: {limits};", shares, flush=True)
    for writer in sorted(set(learning.writers)):
        own = [
            hit
            for hit, label, by in zip(reached, labels, learning.writers, strict=True)
            if label == kind and by == writer
        ]
        print(f"  {writer}: {sum(own)}/{len(own)}", flush=True)


def told_together(alarms: Mapping[int, str]) -> None:
    """Say how many texts that should be left alone are not, whatever they are taken for."""
    texts = list(enumerate(sentences()))
    for label in sorted(LEFT_ALONE):
        own = [number for number, (_, of, _) in texts if of == label]
        wrong = sum(number in alarms for number in own)
        print(f"any remark on {label}, each writer by the others: {wrong}/{len(own)}", flush=True)


def main() -> int:
    """Learn, say how good it is, and write it down."""
    whole, each = Learning.of(list(seen_whole())), Learning.of(list(seen_by_sentence()))
    written: dict[str, Any] = {name: [] for name in NUMBERS} | {name: {} for name in FEWEST}
    alarms: dict[int, str] = {}
    for place, kind in enumerate(KINDS):
        learning = each if kind in BESIDE else whole
        weighed = learning.out_of_sample(kind)
        limits = Limits.of(kind, learning, weighed)
        reached = limits.reached(learning, weighed)
        told(kind, learning, limits, reached)
        alarms |= {text: kind for text, hit in zip(learning.texts, reached, strict=True) if hit}
        counts, always = learning.counts(kind)
        for (sort, name), count in counts.items():
            hundredths = round(count * (CUE if sort == "cues" else 1) * HUNDREDTHS)
            if hundredths:
                written[sort].setdefault(name, [0] * len(KINDS))[place] = hundredths
        for name, weight in {"always": always, **asdict(limits)}.items():
            written[name].append(round(weight * HUNDREDTHS))
    told_together(alarms)
    _write(written)
    return 0


def _write(written: Mapping[str, Any]) -> None:
    """One line for each thing learned, in order, so that a change of it can be read."""
    lines = ['{"made_by": "python -m house.language",', f'"learned_from": "{learned_from()}",']
    for name in NUMBERS:
        lines.append(f'"{name}": {json.dumps(written[name])},')
    lines.append(f'"stock": {json.dumps(" ".join(sorted(stock_words())))},')
    for name in ("cues", "runs", "letters"):
        entries = [
            f"{json.dumps(one, ensure_ascii=False)}: {json.dumps(counts, separators=(',', ':'))}"
            for one, counts in sorted(written[name].items())
        ]
        lines.append(f'"{name}": {{\n' + ",\n".join(entries) + ("\n}" if name == "letters" else "\n},"))
    WRITTEN.write_text("\n".join([*lines, "}"]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
