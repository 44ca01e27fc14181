"""Time and memory: from process start to the first answer, a question in process, and how both grow with the archive.

    python benchmarks/speed.py [--sizes 1000 10000] [--large]

Run from the root of the project. Larger archives are made of the seeds' words drawn at random (seeded), with an
invented name for every twentieth word, so that the vocabulary grows as a real one does; yet their few hundred common
words are in far more passages than they would be in real news, so these figures are pessimistic. Each size runs in a
process of its own, for its peak memory. "get_scores" is rank-bm25's own, over the same passages and in the same run.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from unittest.mock import patch

SEEDS = Path("seeds")
QUESTIONS = sorted(Path("tests/golden").glob("seeds-*.jsonl"))
FIRST_QUESTION = "apa itu HKSN?"
MIB = 1024  # ru_maxrss is in KiB on Linux
PARAGRAPHS, WORDS = 5, 40  # per article, per paragraph
SAMPLE = 40  # questions asked of a large archive


def first_answer(data: str) -> tuple[float, float]:
    """(seconds from starting a process to its end, having answered; its peak memory in MiB)."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "index", "ask", "--seeds", str(SEEDS), FIRST_QUESTION],
        env={**os.environ, "DATA_DIR": data},
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"the first answer failed with status {status}")
    return time.perf_counter() - start, usage.ru_maxrss / MIB


def report_first_answer() -> None:
    with tempfile.TemporaryDirectory() as data:
        cold, _ = first_answer(data)
        runs = [first_answer(data) for _ in range(5)]
    warm, memory = median(seconds for seconds, _ in runs), max(memory for _, memory in runs)
    print(f"process start to first answer: {cold:.2f} s without stems kept, {warm:.2f} s with; peak {memory:.0f} MiB")


def report_stemming() -> None:
    from index import stemming
    from index.archive import Archive

    count = 0
    real = stemming._sastrawi()

    def counting(word: str) -> str:
        nonlocal count
        count += 1
        return real(word)

    with tempfile.TemporaryDirectory() as data, patch.object(stemming, "_sastrawi", lambda: counting):
        for state in ("first run", "next run"):
            count, start = 0, time.perf_counter()
            Archive.open(SEEDS, cache=Path(data))
            print(
                f"build over the seeds, {state}: {time.perf_counter() - start:.2f} s, {count} words stemmed by Sastrawi"
            )


def questions() -> list[tuple[str, str | None]]:
    from index.evaluation import read_cases

    return [(case.question, case.previous) for path in QUESTIONS for case in read_cases(path)]


def milliseconds(calls: Iterable) -> list[float]:
    times = []
    for call in calls:
        start = time.perf_counter()
        call()
        times.append(1000 * (time.perf_counter() - start))
    return sorted(times)


def spread(times: list[float]) -> str:
    return f"median {median(times):.2f} ms, 95th percentile {times[int(0.95 * len(times))]:.2f} ms"


def report_questions() -> None:
    from index.archive import Archive

    archive, asked = Archive.open(SEEDS), questions()
    archive.ask(FIRST_QUESTION)
    first = milliseconds([lambda q=q, p=p: archive.ask(q, p) for q, p in asked])
    again = milliseconds([lambda q=q, p=p: archive.ask(q, p) for q, p in asked])
    print(f"ask over the seeds, {len(asked)} questions: {spread(first)}; asked again: {spread(again)}")


def invented(chance: random.Random) -> str:
    return "".join(chance.choice("bdgjklmnprst") + chance.choice("aeiou") for _ in range(chance.randint(2, 4))).title()


def texts(articles: int) -> Iterable[str]:
    chance = random.Random(1)
    words = [word for path in sorted(SEEDS.glob("*.txt")) for word in path.read_text(encoding="utf-8").split()]
    names = [invented(chance) for _ in range(200 + articles)]
    for _ in range(articles):
        paragraphs = []
        for _ in range(PARAGRAPHS):
            drawn = chance.choices(words, k=WORDS)
            drawn[::20] = [names[int(len(names) * chance.random() ** 2)] for _ in drawn[::20]]
            paragraphs.append(" ".join(drawn) + ".")
        yield "\n\n".join(paragraphs)


def report_size(passages: int) -> None:
    """Print one archive's figures; meant to be the only thing that its process does."""
    from rank_bm25 import BM25Okapi

    from index.archive import Archive
    from index.reading import parse_article

    start = time.perf_counter()
    parsed = [parse_article(f"a{number}", text) for number, text in enumerate(texts(passages // PARAGRAPHS))]
    read = time.perf_counter() - start
    archive = Archive(parsed)
    built = time.perf_counter() - start
    asked = random.Random(2).sample(questions(), SAMPLE)
    archive.ask(FIRST_QUESTION)  # some tables are made when first used
    archive.search(FIRST_QUESTION)
    ask = milliseconds([lambda q=q, p=p: archive.ask(q, p) for q, p in asked])
    search = milliseconds([lambda q=q: archive.search(q) for q, _ in asked])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB
    stored = archive._answerer._documents.passages
    plain = BM25Okapi([[stem for each in passage.sentences for stem in each.stems] for passage in stored])
    ours = archive._answerer._ranker._passages
    queries = [
        [stem for concept in archive.read(q).concepts for way in concept.variants for stem in way.stems]
        for q, _ in asked
    ]
    theirs = milliseconds([lambda q=q: plain.get_scores(q) for q in queries])
    mine = milliseconds([lambda q=q: ours.scores(dict.fromkeys(q, 1.0)) for q in queries])
    print(
        f"{len(stored):,} passages: read in {read:.1f} s, built in {built:.1f} s, peak {memory:.0f} MiB\n"
        f"  ask        {spread(ask)} ({median(ask) / median(theirs):.2f} of get_scores)\n"
        f"  search     {spread(search)} ({median(search) / median(theirs):.2f} of get_scores)\n"
        f"  scores     {spread(mine)} ({median(mine) / median(theirs):.3f} of get_scores)\n"
        f"  get_scores {spread(theirs)}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000, 10_000], help="passages")
    parser.add_argument("--large", action="store_true", help="also 100,000 passages: minutes")
    parser.add_argument("--only", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        report_size(options.only)
        return
    report_first_answer()
    report_stemming()
    report_questions()
    sys.stdout.flush()
    for size in [*options.sizes, *([100_000] if options.large else [])]:
        subprocess.run([sys.executable, __file__, "--only", str(size)], check=True)


if __name__ == "__main__":
    main()
