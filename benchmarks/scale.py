"""How ranking and whole questions grow with the archive, from 1,000 to 1,000,000 passages.

    python benchmarks/scale.py ranking [--sizes 1000 10000 100000 1000000]
    python benchmarks/scale.py archive [--sizes 100000 1000000]

Run from the root of the project, after `pip install -e '.[bench]'`.

"ranking" puts the same queries (2 to 5 words) to the same passages (20 to 60 words) by way of rank-bm25 (up to
100,000), bm25s with its numpy backend, tantivy, SQLite's FTS5 and this program's postings, best 15 of each, in one run.
The words are numbers drawn by Zipf's law; those of queries from the same law, but for the 100 commonest ("telling") or
the 5 commonest ("common": in a tenth of all passages and more, as "bantuan" is in an archive about aid).

"archive" makes an index of invented articles (5 passages of 40 words; half of the words are the seeds' own, half are
drawn by Zipf's law from 300,000 invented ones; each article is from some place and has a date) and saves it, with as
many files beside it, so that opening it does all that a start does. Reading and stemming are left out: rows are made
straight, as it would take minutes; `benchmarks/speed.py` has those. Opening and asking are measured in a process of its
own each: time until ready, resident memory (pages of the file are shared with other processes and let go of when there
are many, so the most that there was says more than the end), the golden questions of the seeds, and what a rebuild
costs after one article changed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

SEEDS = Path("seeds")
BEST, QUERIES = 15, 60
PASSAGES, WORDS, SENTENCE = 5, 40, 20  # an article's, a passage's, a sentence's
INVENTED = 300_000
LARGEST_FOR_RANK_BM25 = 100_000
FIRST_QUESTION = "apa itu HKSN?"


def zipf(size: int) -> np.ndarray:
    """Cumulative shares of words by rank (Zipf-Mandelbrot)."""
    shares = np.cumsum(1 / (np.arange(1, size + 1) + 2.7) ** 1.07)
    return shares / shares[-1]


def timed(call: Callable, arguments: list) -> str:
    """Time by the clock and of the processor: the second says more on a machine that others use as well."""
    call(arguments[0])
    times = []
    for each in arguments:
        start, used = time.perf_counter(), time.process_time()
        call(each)
        times.append((1000 * (time.perf_counter() - start), 1000 * (time.process_time() - used)))
    clock, processor = (sorted(kind) for kind in zip(*times, strict=True))
    high = int(0.95 * len(times))
    return (
        f"median {median(clock):9.3f} ms, 95th percentile {clock[high]:9.3f} ms; "
        f"of CPU {median(processor):9.3f} and {processor[high]:9.3f} ms"
    )


# -- ranking ----------------------------------------------------------------------------------------------------------


def rank(size: int) -> None:
    chance = np.random.default_rng(1)
    shares = zipf(200_000)
    lengths = chance.integers(20, 61, size)
    words = np.searchsorted(shares, chance.random(int(lengths.sum()))).astype(np.int32)
    owners = np.repeat(np.arange(size, dtype=np.int32), lengths)
    asked = {
        kind: [
            sorted(
                {int(word) for word in np.searchsorted(shares, shares[most] + (1 - shares[most]) * chance.random(n))}
            )
            for n in chance.integers(2, 6, QUERIES)
        ]
        for kind, most in (("telling words", 100), ("common words", 5))
    }
    print(f"{size:,} passages, {len(words):,} words", flush=True)
    ends = np.cumsum(lengths)[:-1]
    ways = (ours, with_tantivy, with_fts5, with_bm25s, *([with_rank_bm25] if size <= LARGEST_FOR_RANK_BM25 else []))
    for way in ways:
        call = way(owners, words, ends, size)
        for kind, queries in asked.items():
            print(f"  {kind:13} {way.__name__.removeprefix('with_'):10} {timed(call, queries)}", flush=True)


def ours(owners: np.ndarray, words: np.ndarray, ends: np.ndarray, size: int) -> Callable:
    from index.postings import invert
    from index.ranker import PostingsRanker
    from index.ranking import BM25

    postings = invert(owners, words, size, 200_000)
    impacts = BM25(postings, lambda word: word, k1=0.8, b=0.5).impacts
    passages = BM25(postings, lambda word: word, impacts=impacts, k1=0.8, b=0.5)
    ranker = PostingsRanker(passages, passages, np.arange(size + 1), lambda place: owners[:0])
    return lambda query: ranker.rank(dict.fromkeys(query, 1.0), BEST)


def as_texts(words: np.ndarray, ends: np.ndarray) -> list[list[str]]:
    return [[f"w{word}" for word in passage] for passage in np.split(words, ends)]


def with_tantivy(owners: np.ndarray, words: np.ndarray, ends: np.ndarray, size: int) -> Callable:
    import tantivy

    schema = tantivy.SchemaBuilder().add_text_field("text", tokenizer_name="whitespace").build()
    index = tantivy.Index(schema)
    writer = index.writer(256 << 20, 1)
    for passage in as_texts(words, ends):
        writer.add_document(tantivy.Document(text=" ".join(passage)))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def call(query: list[int]) -> object:
        return searcher.search(index.parse_query(" ".join(f"w{word}" for word in query), ["text"]), BEST).hits

    return call


def with_fts5(owners: np.ndarray, words: np.ndarray, ends: np.ndarray, size: int) -> Callable:
    import sqlite3

    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE passages USING fts5(text, content='', detail=column)")
    rows = ((number, " ".join(passage)) for number, passage in enumerate(as_texts(words, ends), 1))
    database.executemany("INSERT INTO passages(rowid, text) VALUES (?, ?)", rows)
    database.execute("INSERT INTO passages(passages) VALUES ('optimize')")
    sql = "SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT ?"
    return lambda query: database.execute(sql, (" OR ".join(f"w{word}" for word in query), BEST)).fetchall()


def with_bm25s(owners: np.ndarray, words: np.ndarray, ends: np.ndarray, size: int) -> Callable:
    import bm25s

    vocabulary = {f"w{word}": word for word in range(200_000)}
    index = bm25s.BM25(k1=0.8, b=0.5, backend="numpy")
    index.index(([passage.tolist() for passage in np.split(words, ends)], vocabulary), show_progress=False)

    def call(query: list[int]) -> object:
        asked = [[f"w{word}" for word in query]]
        return index.retrieve(asked, k=BEST, n_threads=0, show_progress=False)

    return call


def with_rank_bm25(owners: np.ndarray, words: np.ndarray, ends: np.ndarray, size: int) -> Callable:
    from rank_bm25 import BM25Okapi

    index = BM25Okapi([passage.tolist() for passage in np.split(words, ends)], k1=0.8, b=0.5)
    return lambda query: np.argpartition(-index.get_scores(query), BEST)[:BEST]


# -- a whole archive --------------------------------------------------------------------------------------------------


def invented_words(chance: random.Random) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < INVENTED:
        word = "".join(chance.choice("bdgjklmnprst") + chance.choice("aeiou") for _ in range(chance.randint(3, 5)))
        found.setdefault(word + chance.choice("nrtskm"))
    return list(found)


def make(size: int, folder: Path, data: Path) -> None:
    """Make and save the index of an archive of ``size`` passages, and a file for each article of it."""
    from index.analysis import tokenize
    from index.article import ArticleDate, BlockKind
    from index.building import built
    from index.forward import BLOCK_KINDS, NONE, TYPES
    from index.places import load_gazetteer
    from index.ragged import Ragged
    from index.rules import mark
    from index.saved import _key
    from index.sections import write
    from index.sources import list_sources
    from index.stemming import Stemmer

    chance, numbers = random.Random(1), np.random.default_rng(1)
    running = [
        token.word for path in sorted(SEEDS.glob("*.txt")) for token in tokenize(path.read_text(encoding="utf-8"))
    ]
    known = list(dict.fromkeys(running))
    tail = [word for word in invented_words(chance) if word not in set(known)]
    places = [place for place in load_gazetteer().places if " " not in place.name]
    named = [word for word in dict.fromkeys(place.name.lower() for place in places) if word not in set(known)]
    words = [*known, *named, *(word for word in tail if word not in set(named))]
    number_of = {word: number for number, word in enumerate(words)}
    own = np.array([number_of[word] for word in running])
    shares = zipf(len(words) - len(known) - len(named))
    years = [ArticleDate(year, month, day) for year in range(2015, 2027) for month in range(1, 13) for day in (3, 17)]
    paragraph = BLOCK_KINDS.index(BlockKind.PARAGRAPH)

    start = time.perf_counter()
    rows: dict[str, list[bytes]] = {name: [] for name in TYPES}
    count = size // PASSAGES
    for article in range(count):
        drawn = np.where(
            numbers.random(PASSAGES * WORDS) < 0.5,
            own[numbers.integers(0, len(own), PASSAGES * WORDS)],
            np.searchsorted(shares, numbers.random(PASSAGES * WORDS)) + len(known) + len(named),
        ).tolist()
        place = chance.randrange(len(places))
        drawn[0] = number_of[places[place].name.lower()]
        blocks, passages, sentences = array("i"), array("i"), array("i")
        pieces, at = [], 0
        for passage in range(PASSAGES):
            begin = at
            for first in range(passage * WORDS, (passage + 1) * WORDS, SENTENCE):
                text = " ".join(map(words.__getitem__, drawn[first : first + SENTENCE]))
                text = text[0].upper() + text[1:] + "."
                sentences.extend((at, at + len(text), first, SENTENCE))
                pieces += [text, " "]
                at += len(text) + 1
            pieces[-1] = "\n\n"
            blocks.extend((paragraph, begin, at - 1, passage * WORDS, WORDS))
            passages.extend((paragraph, begin, at - 1, 0, 0, NONE, WORDS // SENTENCE))
            at += 1
        body = "".join(pieces)
        title = " ".join(map(words.__getitem__, drawn[:8]))
        length = PASSAGES * WORDS
        lead = (0, 0, blocks[2])
        facts = (place, chance.randrange(len(years)), length, 8, 0, *lead)
        shown = f"{places[place].full_name}, {places[place].province}"
        rows["meta"].append(json.dumps((f"a{article:07}", title, "Kabar", None, shown, [])).encode())
        rows["fingerprint"].append(os.urandom(32))
        rows["body"].append(body.encode())
        rows["words"].append(array("i", [*drawn, *drawn[:8]]).tobytes())
        rows["facts"].append(array("i", facts).tobytes())
        rows["blocks"].append(blocks.tobytes())
        rows["passages"].append(passages.tobytes())
        rows["sentences"].append(sentences.tobytes())
        rows["mentions"].append(array("i", (0, place)).tobytes())
        rows["dates"].append(b"")
    sections: dict[str, np.ndarray] = {}
    for name, dtype in TYPES.items():
        sections |= Ragged.made(rows.pop(name), dtype).sections(f"forward.{name}")
    lists = {
        "places": [[(place.code, place.level, place.name, place.province)] for place in places],
        "dates": [(date.year, date.month, date.day, None) for date in years],
    }
    sections["forward.lists"] = np.frombuffer(json.dumps(lists).encode(), dtype=np.uint8)
    made = time.perf_counter()
    stemmer, real = Stemmer(), {*known, *named}
    found = built(sections, words, lambda word: stemmer.stem(word) if word in real else word)
    done = time.perf_counter()
    for article in range(count):
        (folder / f"a{article:07}.txt").touch()
    # As if changed long ago.
    sources = list_sources(folder, None)
    files = [(each.folder, each.name, *each.stamp, *each.sidecar, "-", n, None) for n, each in enumerate(sources)]
    found |= {
        name: np.frombuffer(text.encode(), dtype=np.uint8)
        for name, text in (
            ("files_state", sources.state),
            ("files", json.dumps(files)),
            ("files_refused", "[]"),
        )
    }
    path = data / "index" / f"{_key(folder, None)}.idx"
    begin = time.perf_counter()
    write(path, found, mark())
    print(
        f"{size:,} passages in {count:,} articles: rows invented in {made - start:.0f} s, indexed in "
        f"{done - made:.1f} s, saved in {time.perf_counter() - begin:.1f} s, {path.stat().st_size / 2**20:,.0f} MiB",
        flush=True,
    )


def resident() -> dict[str, int]:
    """MiB of this process by kind."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return {line.split(":")[0]: int(line.split()[1]) // 1024 for line in lines if line.startswith(("Vm", "Rss"))}


def shown(memory: dict[str, int]) -> str:
    own, files, most = memory["RssAnon"], memory["RssFile"], memory["VmHWM"]
    return f"{memory['VmRSS']} MiB resident ({own} its own, {files} shared pages of files), {most} at the most"


def ask(folder: Path, data: Path) -> None:
    start = time.perf_counter()
    from index.archive import Archive

    archive = Archive.open(folder, cache=data)
    opened = time.perf_counter() - start
    used = time.process_time()
    print(f"  opened in {opened:.2f} s, imports included ({used:.2f} s of CPU): {shown(resident())}")
    archive.ask(FIRST_QUESTION)
    print(f"  the first answer after {time.perf_counter() - start:.2f} s", flush=True)
    from index.evaluation import read_cases

    cases = [case for path in sorted(Path("tests/golden").glob("seeds-*.jsonl")) for case in read_cases(path)]
    asked = random.Random(2).sample(cases, 200)
    print(f"  ask    {timed(lambda case: archive.ask(case.question, case.previous), asked)}")
    print(f"  after all questions: {shown(resident())}")
    ranker, queries = archive._answerer._ranker, []
    for case in asked:
        read = archive.read(case.question)
        if read.concepts or read.places:
            queries.append((archive._answerer._query(read), read.asked_places))
    ranked = timed(lambda each: ranker.rank(each[0], BEST, share=0.5, places=each[1]), queries)
    print(f"  ranked {ranked} ({median(len(query) for query, _ in queries):.0f} words a query)", flush=True)


def change(folder: Path, data: Path) -> None:
    from index.archive import Archive

    changed = min(SEEDS.glob("*.txt"))
    shutil.copy(changed, folder / "a0000001.txt")
    start, used = time.perf_counter(), time.process_time()
    Archive.open(folder, cache=data)
    took, used = time.perf_counter() - start, time.process_time() - used
    print(f"  one article changed: again in {took:.1f} s ({used:.1f} s of CPU), peak {peak()} MiB", flush=True)


def peak() -> int:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


STEPS = {"make": make, "ask": ask, "change": change}


def whole(size: int) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder, data = Path(scratch, "articles"), Path(scratch, "data")
        folder.mkdir()
        for step in ("make", "ask", "change", "ask"):
            command = [sys.executable, __file__, "step", step, str(size), str(folder), str(data)]
            subprocess.run(command, check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["ranking", "archive", "step"])
    parser.add_argument("rest", nargs="*", help=argparse.SUPPRESS)
    parser.add_argument("--sizes", type=int, nargs="*", help="passages")
    options = parser.parse_args()
    if options.what == "step":
        step, size, folder, data = options.rest
        paths = (Path(folder), Path(data))
        make(int(size), *paths) if step == "make" else STEPS[step](*paths)
        return
    sizes = options.sizes or (
        [1_000, 10_000, 100_000, 1_000_000] if options.what == "ranking" else [100_000, 1_000_000]
    )
    for size in sizes:
        rank(size) if options.what == "ranking" else whole(size)


if __name__ == "__main__":
    main()
