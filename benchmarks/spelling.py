"""How well and how fast `index.spelling` mends: typos made at random, words that must stay, and time.

    python benchmarks/spelling.py ARTICLES [--questions FILE.jsonl ...] [--large]

ARTICLES is a folder of `.txt` files or a `.jsonl` of passages ("text"). Typos are made of its words (seeded, so that
runs compare): a third substitutions, half of them by a neighbouring key; a third letters left out or doubled; a third
transpositions. Words of the questions that are mended are listed: a person has to judge which of them are false.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
import tracemalloc
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from index import near_words
from index.places import load_gazetteer
from index.running_words import RunningWords
from index.spelling import Speller
from index.stemming import Stemmer, root_words

WORD = re.compile(r"[^\W\d_]+")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
MADE = 2000


def texts(path: Path) -> Iterable[str]:
    if path.is_dir():
        return (file.read_text(encoding="utf-8", errors="replace") for file in sorted(path.glob("*.txt")))
    return (json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines())


def slip(word: str, chance: random.Random) -> str:
    i = chance.randrange(len(word)) if chance.random() < 0.25 else chance.randrange(1, len(word))
    match chance.randrange(6):
        case 0:
            return word[:i] + chance.choice(LETTERS) + word[i + 1 :]
        case 1:
            keys = [b for a, b in sorted(near_words._NEIGHBOURS) if a == word[i]]
            return word[:i] + chance.choice(keys or ["e"]) + word[i + 1 :]
        case 2:
            return word[:i] + word[i + 1 :]
        case 3:
            return word[:i] + word[i] + word[i:]
        case _:
            i = max(i, 1)
            return word[: i - 1] + word[i] + word[i - 1] + word[i + 1 :]


def recall(speller: Speller, stemmer: Stemmer, words: Counter[str], *, slips: int, shortest: int) -> str:
    chance = random.Random(slips)  # a fixed seed: runs compare
    pool = sorted(w for w in words if len(w) >= shortest and w.isascii() and stemmer.stem(w) in root_words())
    outcome: Counter[str] = Counter()
    for word in chance.choices(pool, [words[w] ** 0.5 for w in pool], k=MADE):
        typed = word
        for _ in range(slips):
            typed = slip(typed, chance)
        if typed == word:
            continue
        read = speller.mend(typed)
        if read is None:
            outcome["another word" if speller.knows(typed) else "left"] += 1
        else:
            outcome["right" if stemmer.stem(read) == stemmer.stem(word) else "wrong"] += 1
    made, given = outcome.total(), outcome["right"] + outcome["wrong"]
    unknown = made - outcome["another word"]
    return (
        f"{slips} slip(s), {shortest}+ letters: recall {outcome['right'] / made:.3f} of all, "
        f"{outcome['right'] / unknown:.3f} of those that are no word; precision {outcome['right'] / given:.3f}"
    )


def changed(speller: Speller, questions: Path) -> str:
    words: Counter[str] = Counter()
    for line in questions.read_text(encoding="utf-8").splitlines():
        words.update(word.lower() for word in WORD.findall(json.loads(line)["question"]))
    mended = {word: read for word in words if (read := speller.mend(word))}
    tokens = sum(words[word] for word in mended)
    listing = ", ".join(f"{word} > {read}" for word, read in sorted(mended.items()))
    return (
        f"{questions.name}: {tokens} of {words.total()} words changed ({tokens / words.total():.2%}), "
        f"{len(mended)} of {len(words)} distinct ({len(mended) / len(words):.2%}): {listing}"
    )


def speed(vocabulary: Counter[str], protected: frozenset[str], stemmer: Stemmer) -> str:
    start = time.perf_counter()
    speller = Speller(RunningWords.of(vocabulary, stemmer.stem), protected, stemmer.stem)
    speller.mend("kesejahtreaan")  # builds the index
    built = time.perf_counter() - start
    tracemalloc.start()
    Speller(RunningWords.of(vocabulary, stemmer.stem), protected, stemmer.stem).mend("kesejahtreaan")
    needed = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    chance = random.Random(0)
    typed = [slip(word, chance) for word in chance.choices([w for w in vocabulary if len(w) > 4], k=2000)]
    times = []
    for word in typed:
        start = time.perf_counter()
        speller.mend(word)
        times.append(1000 * (time.perf_counter() - start))
    times.sort()
    return (
        f"{len(vocabulary):,} words: built in {built:.2f} s, {needed:.0f} MiB at its peak; "
        f"a word {times[1000]:.2f} ms median, {times[1900]:.2f} ms 95th percentile"
    )


def large(words: Counter[str], size: int) -> Counter[str]:
    """The words and made-up compounds of their halves, which crowd common beginnings as real inflections do."""
    chance = random.Random(1)
    pool = [word for word in words if len(word) > 5]
    grown = Counter(words)
    while len(grown) < size:
        first, second = chance.choice(pool), chance.choice(pool)
        grown[first[: len(first) // 2 + 1] + second[len(second) // 2 :]] = 1
    return grown


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--questions", type=Path, nargs="*", default=[])
    parser.add_argument("--large", action="store_true", help="also time 200,000 words")
    options = parser.parse_args()
    words = Counter(word.lower() for text in texts(options.articles) for word in WORD.findall(text))
    stemmer, protected = Stemmer(), load_gazetteer().words
    Speller(RunningWords.of({}), protected).mend("kesejahtreaan")  # general Indonesian, once a process
    print(speed(words, protected, stemmer))
    if options.large:
        print(speed(large(words, 200_000), protected, stemmer))
    speller = Speller(RunningWords.of(words, stemmer.stem), protected, stemmer.stem)
    print(recall(speller, stemmer, words, slips=1, shortest=5))
    print(recall(speller, stemmer, words, slips=2, shortest=7))
    for questions in options.questions:
        print(changed(speller, questions))


if __name__ == "__main__":
    main()
