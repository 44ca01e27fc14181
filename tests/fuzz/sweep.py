"""Hostile inputs by chance and from a fuzzer's corpus, as fast as the program really is: faults, and the slowest.

    python tests/fuzz/sweep.py ask --seconds 3600 --seed 7 --corpus corpus/ask

Prints one line of JSON; what broke a promise, or took longer than ``--limit`` milliseconds of CPU three times running,
is written to ``--found``.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import random
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import hostile
from targets import TARGETS, world

GIVEN_UP_SECONDS = 10
# Reading an article is not what anybody waits for, and an update may be a megabyte of entities.
LIMITS = {"article": 1000, "intake": 1000, "update": 250}


def inputs(target: str, seed: int, corpus: Path | None) -> Iterator[bytes]:
    """The corpus first, then inputs by chance without end."""
    for path in sorted(corpus.iterdir()) if corpus else ():
        yield path.read_bytes()
    for number in itertools.count():
        chance = random.Random(f"{target} {seed} {number}")
        head = bytes(chance.randrange(256) for _ in range(4)) if target in {"message", "markup"} else b""
        if target == "article":
            made = hostile.article(chance)
        elif target == "codes":
            made = hostile.code(chance)
        elif target == "update":
            made = json.dumps(hostile.update(chance, 1))
        else:
            made = hostile.text(chance)
            if target == "ask" and chance.random() < 0.3:
                made += "\x1e" + hostile.text(chance)
        yield head + made.encode("utf-8", "surrogatepass")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--limit", type=float, help="milliseconds of CPU for one input (50; articles and updates more)")
    parser.add_argument("--found", type=Path, default=Path("found"))
    given = parser.parse_args()
    limit = given.limit or LIMITS.get(given.target, 50)
    run = TARGETS[given.target]
    run(b"apa itu HKSN?")  # loads what is loaded once
    signal.signal(signal.SIGALRM, give_up)
    count = faults = slow = 0
    kinds: dict[str, int] = {}
    worst, total, end = (0.0, b""), 0.0, time.monotonic() + given.seconds
    for data in inputs(given.target, given.seed, given.corpus):
        if time.monotonic() > end:
            break
        count += 1
        try:
            spent = cpu(run, data)
            if spent > limit:
                spent = min(spent, *(cpu(run, data) for _ in range(2)))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            faults += 1
            frame = error.__traceback__
            while frame.tb_next and frame.tb_next.tb_frame.f_code is not give_up.__code__:
                frame = frame.tb_next
            kind = f"{type(error).__name__} {Path(frame.tb_frame.f_code.co_filename).name}:{frame.tb_lineno}"
            kinds[kind] = kinds.get(kind, 0) + 1
            if kinds[kind] <= 3:
                keep(given.found, given.target, data, f"{kind}: {error}")
            continue
        total += spent
        if spent > limit:
            slow += 1
            keep(given.found, given.target, data, f"{spent:.0f} ms")
        worst = max(worst, (spent, data))
    sys.stdout.write(json.dumps({
        "target": given.target, "seed": given.seed, "inputs": count, "faults": faults, "kinds": kinds, "slow": slow,
        "mean_ms": round(total / max(1, count - faults), 2), "worst_ms": round(worst[0], 1),
        "worst": ascii(worst[1][:80]),
    }) + "\n")  # fmt: skip
    sys.stdout.flush()
    if given.target == "update":
        world().close()
    return int(bool(faults or slow))


def cpu(run, data: bytes) -> float:
    """Milliseconds of processor time."""
    signal.alarm(GIVEN_UP_SECONDS)
    try:
        begun = time.process_time()
        run(data)
        return (time.process_time() - begun) * 1000
    finally:
        signal.alarm(0)


def give_up(*_: object) -> None:
    """Say where an input hangs."""
    raise TimeoutError(f"{GIVEN_UP_SECONDS} s")


def keep(folder: Path, target: str, data: bytes, why: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{target}-{hashlib.sha256(data).hexdigest()[:12]}"
    (folder / name).write_bytes(data)
    with (folder / "why.txt").open("a", encoding="utf-8") as file:
        file.write(f"{name} {why!a}\n")


if __name__ == "__main__":
    sys.exit(main())
