"""How well articles are ranked: MRR@10 and Recall@1 on public question sets, and what each signal is worth.

    python benchmarks/retrieval.py DIR [--sets facqa tydi]

DIR holds, for each set, NAME-passages.jsonl ({"id", "text", "title"?}) and NAME-dev.jsonl ({"question", "answerable",
"gold_passage_ids"}); benchmarks/README.md says where to get them. Each passage becomes an article of one paragraph.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from unittest.mock import patch

from index import retrieval
from index.archive import Archive
from index.article import Article, Block, BlockKind

SIGNALS = ("SURFACE", "PAIRS", "FOURGRAMS", "COVERAGE", "SENTENCE")
TOP = 10


def rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def article(row: dict) -> Article:
    text = row["text"]
    return Article(
        id=row["id"],
        body=text,
        title=row.get("title") or "",
        blocks=(Block(BlockKind.PARAGRAPH, 0, len(text)),),
    )


def figures(archive: Archive, questions: list[dict]) -> tuple[float, float, float]:
    """(MRR@10, Recall@1, seconds a question)."""
    ranks = first = 0.0
    start = time.perf_counter()
    for question in questions:
        gold = set(question["gold_passage_ids"])
        hits = archive.search(question["question"], TOP)
        rank = next((place for place, hit in enumerate(hits, 1) if hit.article in gold), None)
        ranks += 1 / rank if rank else 0.0
        first += rank == 1
    seconds = time.perf_counter() - start
    return ranks / len(questions), first / len(questions), seconds / len(questions)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sets", nargs="+", default=["facqa", "tydi"])
    options = parser.parse_args()
    for name in options.sets:
        passages = rows(options.folder / f"{name}-passages.jsonl")
        questions = [row for row in rows(options.folder / f"{name}-dev.jsonl") if row["answerable"]]
        start = time.perf_counter()
        archive = Archive([article(row) for row in passages])
        built = time.perf_counter() - start
        archive.search(questions[0]["question"], TOP)  # the indexes of some signals are built when first used
        mrr, recall, seconds = figures(archive, questions)
        print(
            f"{name}: {len(passages)} passages built in {built:.1f} s, {len(questions)} questions: "
            f"MRR@{TOP} {mrr:.3f}  R@1 {recall:.3f}  {1000 * seconds:.1f} ms a question"
        )
        for signal in (*SIGNALS, None):
            off = dict.fromkeys(SIGNALS if signal is None else [signal], 0.0)
            with patch.multiple(retrieval, **off):
                less, recall, _ = figures(archive, questions)
            print(f"  without {signal or 'all of them':12} MRR@{TOP} {less:.3f} ({less - mrr:+.3f})  R@1 {recall:.3f}")


if __name__ == "__main__":
    main()
