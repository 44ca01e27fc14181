"""What reading articles costs: an article, long and odd texts, words stemmed for the first time.

    python benchmarks/reading.py [--articles 2000]

Run from the root of the project. Times of this process are of its CPU, so that others on the machine count little; the
ratios say as much on any machine: to splitting the same text into words, of twice the text to once, and of
Sastrawi's own stemmer to ours.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from speed import texts

SEEDS = Path("seeds")
GOLDEN = Path("tests/golden")
LONG = 1_000_000  # characters
ODD = {
    "one-word lines": "kata\n", "one line of words": "bantuan sosial untuk warga desa ", "days": "Senin (5/1/2024) ",
    "days without a year": "Senin (5/1), ", "links": "Bantuan cair. Baca juga: Judul lain lagi. ", "stops": ".",
    "places": "Kota Batu, Jawa Timur dan Malang ", "paragraphs": "Bupati Pacitan menyerahkan bantuan kepada 20 lansia, "
    "Senin (2/3/2020), kata kepala dinas sosial di balai desa setempat.\n\n",
}  # fmt: skip


def cpu(call: Callable[[], object]) -> float:
    """Seconds of this process's CPU, the best of three."""
    times = []
    for _ in range(3):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return min(times)


def read(given: Iterable[str]) -> None:
    from index.errors import ArticleError
    from index.passages import passages
    from index.reading import parse_article

    for text in given:
        try:
            passages(parse_article("artikel", text))
        except ArticleError:
            continue


def report_articles(made: list[str]) -> None:
    def split(given: list[str]) -> None:
        for text in given:
            re.findall(r"\w+", text)

    for name, given in (
        ("seeds", [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))] * 20),
        ("golden", [path.read_text(encoding="utf-8") for path in sorted(GOLDEN.glob("*/articles/*.txt"))]),
        ("made", made[:500]),
    ):
        took, size = cpu(partial(read, given)), sum(map(len, given)) / len(given) / 1000
        ratio = took / cpu(partial(split, given))
        print(
            f"{name:8} {1000 * took / len(given):.2f} ms an article of {size:.1f} kB, {ratio:.0f} times splitting it "
            "into words"
        )


def report_odd() -> None:
    for name, piece in ODD.items():
        once, twice = (cpu(partial(read, [piece * (n // len(piece)) + "x"])) for n in (LONG, 2 * LONG))
        print(f"{name:20} {once:.2f} s for {LONG / 1e6:.0f} MB, {twice / once:.1f} times that for twice as much")


def report_stems(made: list[str]) -> None:
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

    from index import stemming

    words = sorted({word.lower() for text in made for word in re.findall(r"[^\W\d_]{5,}", text)})
    words = random.Random(1).sample(words, min(2_000, len(words)))
    ours, plain = stemming._sastrawi(), StemmerFactory().create_stemmer().delegatedStemmer.stem
    assert [ours(word) for word in words] == [plain(word) for word in words]
    took, theirs = (cpu(lambda stem=stem: [stem(word) for word in words]) for stem in (ours, plain))
    each = 1e6 * took / len(words)
    print(f"{len(words):,} unknown words: {each:.0f} µs each, {theirs / took:.1f} times as fast as Sastrawi alone")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2_000, help="made for the stems")
    parser.add_argument("--odd", action=argparse.BooleanOptionalAction, default=True, help="long and odd texts too")
    options = parser.parse_args()
    made = list(texts(options.articles))
    read(made[:20])  # some tables are made when first used
    report_articles(made)
    if options.odd:
        report_odd()
    report_stems(made)


if __name__ == "__main__":
    main()
