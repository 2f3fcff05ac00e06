"""The memory of a handheld after its officer has locked it (F15): what a dump of the process gives away.

A process of its own works as an officer does, with the real handset and no screen: it makes a vault,
unlocks it, types, saves and sends, and locks (``officer_at_work.py``). Its memory is read from outside,
while open and after the lock, for the PIN, for every key that there ever was in it, and for the words that
were typed. The control overwrites nothing, and holds on to nothing: all three must be found in it.

Of keys and the PIN nothing may be left. Of words, which the libraries below Python copy as they like, a
tenth of what lay there while open may be: what somebody else has taken meanwhile and not written over.
Mostly it is nothing; the line says how many.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import IO, Any, Final

from faults.memory_reader import READABLE, hits
from faults.officer_at_work import KEEPS, SCRUBS, disguised, plain
from faults.trials import Trial

PIN: Final = "740291583627"
WORDS: Final = tuple(f"quillfeather{letter}x" for letter in "abcdefgh")
KEYS_LAY, PIN_LAY, WORDS_LAY = "keys", "pin", "words"
ONE_IN: Final = 10


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found of each kind, before the lock and after it; and how many keys there were."""

    keys: int
    before: Mapping[str, int]
    after: Mapping[str, int]


def run(full: bool) -> Iterator[dict[str, Any]]:
    """Every trial of memory; ``full`` does it again and again."""
    if not READABLE:
        sys.exit("memory: this system shows no process the memory of another, so nothing can be tried")
    yield asdict(left_after_the_lock(10 if full else 1))


def left_after_the_lock(rounds: int) -> Trial:
    """Work and lock: neither a key nor the PIN is left, and of the words no more than an explained rest."""
    seen = [look_at(SCRUBS) for _ in range(rounds)]
    control = look_at(KEEPS).after
    words = [(one.after[WORDS_LAY], one.before[WORDS_LAY]) for one in seen]
    rest = f"of words {sum(left for left, _ in words)} left in {sum(lay for _, lay in words)} places"
    return Trial(
        name="F15 memory.left_after_the_lock",
        tried=sum(one.keys + 1 + len(WORDS) for one in seen),
        lost=sum(one.after[KEYS_LAY] + one.after[PIN_LAY] for one in seen),
        accepted_wrongly=sum(left for left, lay in words if left * ONE_IN > lay),
        control=f"nothing overwritten; here {rest}",
        control_found=min(control.values()),
    )


def look_at(how: str) -> Seen:
    """Let an officer work in a process, and read its memory before and after the lock."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "faults.officer_at_work", folder, how]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
            told = {"pin": disguised(PIN.encode()), "words": [disguised(word.encode()) for word in WORDS]}
            keys = [bytes(plain(key)) for key in _asked(child, json.dumps(told))]
            needles = {
                KEYS_LAY: [*keys, *(key.hex().encode() for key in keys)],
                PIN_LAY: [PIN.encode(), PIN.encode("utf-16-le"), PIN.encode("utf-32-le")],
                WORDS_LAY: [word.encode() for word in WORDS],
            }
            before = hits(child.pid, needles)
            held = _asked(child, "lock")
            if held:
                raise SystemExit(
                    f"after the lock somebody still holds {held}, so what is found is no wonder"
                )
            after = hits(child.pid, needles)
            child.communicate("end\n")
    if child.returncode:
        raise SystemExit(f"the officer at work ended with {child.returncode}")
    if not before[KEYS_LAY] or not before[WORDS_LAY]:
        raise SystemExit("nothing was found while the vault lay open, so finding nothing proves nothing")
    return Seen(len(keys), before, after)


def _asked(child: subprocess.Popen[str], line: str) -> list[Any]:
    pipes: tuple[IO[str] | None, IO[str] | None] = (child.stdin, child.stdout)
    told, says = pipes
    assert told is not None
    assert says is not None
    told.write(f"{line}\n")
    told.flush()
    answer: list[Any] = json.loads(says.readline())
    return answer
