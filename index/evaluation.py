"""Question files -> quality figures (``index.gate`` keeps them from falling).

A question file has one JSON object a line: ``id``, ``question``, ``kind``, ``answerable``, ``gold_articles`` (article
ids or their beginnings), ``must_contain_any`` (a right snippet holds one of these) and, for a follow-up, ``previous``.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from index.answer import Answer, Found, Related, Snippet
from index.archive import Archive
from index.errors import QuestionFileError


@dataclass(frozen=True, slots=True)
class Case:
    """One question with what counts as a right answer."""

    id: str
    question: str
    kind: str
    answerable: bool
    gold_articles: tuple[str, ...]
    must_contain_any: tuple[str, ...]
    previous: str | None = None

    def right(self, snippet: Snippet) -> bool:
        """Whether a snippet is from a gold article and holds one of the strings."""
        return self.holds_answer(snippet.article, snippet.text)

    def holds_answer(self, article: str, text: str) -> bool:
        """Whether a text of an article holds one of the strings, white space and width aside."""
        return article.startswith(self.gold_articles) and any(
            _folded(wanted) in _folded(text) for wanted in self.must_contain_any
        )


@dataclass(slots=True)
class Tally:
    """Counts over a slice of the cases."""

    answerable: int = 0
    unanswerable: int = 0
    right: int = 0  # answered, a shown snippet is right
    first: int = 0  # answered, the first snippet is right
    wrong: int = 0  # answered, no snippet is right
    declined_wrongly: int = 0
    declined_rightly: int = 0

    def add(self, case: Case, answer: Answer) -> str:
        """Count one answer; returns how it was judged."""
        found = answer.snippets if isinstance(answer, Found) else ()
        if not case.answerable:
            self.unanswerable += 1
            self.declined_rightly += not found
            return "answered the unanswerable" if found else "declined rightly"
        self.answerable += 1
        if not found:
            self.declined_wrongly += 1
            return "declined wrongly"
        if any(case.right(snippet) for snippet in found):
            self.right += 1
            self.first += case.right(found[0])
            return "right first" if case.right(found[0]) else "right"
        self.wrong += 1
        return "wrong"


FIGURES = ("right", "first", "wrong", "declined_wrongly", "declined_rightly")


@dataclass(slots=True)
class Report:
    """Figures over all cases and by kind, the length of what was quoted, and how each case was judged."""

    all: Tally = field(default_factory=Tally)
    kinds: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    lengths: list[int] = field(default_factory=list)  # characters quoted, per answer
    judged: list[tuple[Case, Answer, str]] = field(default_factory=list)

    def shares(self) -> dict[str, float]:
        """The figures as shares (0 to 1) of the answerable, or for ``declined_rightly`` of the unanswerable."""
        shares = {}
        for name in FIGURES:
            of = self.all.unanswerable if name == "declined_rightly" else self.all.answerable
            shares[name] = getattr(self.all, name) / of if of else 0.0
        return shares

    @property
    def reliability(self) -> float:
        """How often what was shown as an answer was right."""
        answered = self.all.right + self.all.wrong + self.all.unanswerable - self.all.declined_rightly
        return self.all.right / answered if answered else 0.0

    @property
    def quoted(self) -> tuple[int, int]:
        """Characters quoted in an answer: the median and the 95th percentile; zero when nothing was answered."""
        lengths = sorted(self.lengths) or [0]
        return lengths[len(lengths) // 2], lengths[int(len(lengths) * 0.95)]


def read_cases(path: Path) -> list[Case]:
    """Read a question file.

    Raises:
        QuestionFileError: the file is missing or empty, or a line is not a case; located.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionFileError(f"{path}: cannot be read: {error}") from error
    return parse_cases(text, str(path))


def parse_cases(text: str, path: str) -> list[Case]:
    """Read the lines of a question file; ``path`` says in an error whose they are.

    Raises:
        QuestionFileError: there is none, or a line is not a case; located.
    """
    # Not splitlines(): a JSON string may hold U+2028, which ends no line of JSON Lines.
    cases = [_case(path, number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not cases:
        raise QuestionFileError(f"{path}: holds no question, expected one JSON object a line")
    return cases


def _case(path: str, number: int, line: str) -> Case:
    try:
        row = json.loads(line)
        return Case(
            id=str(row["id"]),
            question=str(row["question"]),
            kind=str(row["kind"]),
            answerable=bool(row["answerable"]),
            gold_articles=tuple(row["gold_articles"]),
            must_contain_any=tuple(row["must_contain_any"]),
            previous=row.get("previous") or _context(row.get("notes", "")),
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise QuestionFileError(f"{path}: line {number}: not a question ({error!r})") from error


def _context(remark: str) -> str | None:
    found = re.search(r'context="([^"]*)"', remark)
    return found.group(1) if found else None


def evaluate(archive: Archive, cases: Iterable[Case], report: Report | None = None) -> Report:
    """Ask every case and count; given a ``report``, on top of what it holds."""
    report = report or Report()
    for case in cases:
        answer = archive.ask(case.question, case.previous)
        judgement = report.all.add(case, answer)
        report.kinds[case.kind].add(case, answer)
        report.judged.append((case, answer, judgement))
        if isinstance(answer, Found):
            report.lengths.append(sum(len(snippet.text) for snippet in answer.snippets))
    return report


def summary(report: Report) -> str:
    """Put the shares in one line."""
    return "  ".join(f"{name} {share:.1%}" for name, share in report.shares().items())


def table(report: Report) -> Iterator[str]:
    """The report as lines of text, by kind and in all."""
    yield f"{'kind':26} {'right':>8} {'first':>6} {'wrong':>6} {'wrongly declined':>17} {'rightly declined':>17}"
    for kind, tally in [*sorted(report.kinds.items()), ("all", report.all)]:
        right = f"{tally.right}/{tally.answerable}" if tally.answerable else "-"
        declined = f"{tally.declined_rightly}/{tally.unanswerable}" if tally.unanswerable else "-"
        yield f"{kind:26} {right:>8} {tally.first:>6} {tally.wrong:>6} {tally.declined_wrongly:>17} {declined:>17}"
    yield summary(report)
    yield f"reliability: {report.reliability:.1%} of what is shown as an answer is right"
    if report.lengths:
        median, high = report.quoted
        yield f"characters quoted: median {median}, 95th percentile {high}"


def mistakes(report: Report) -> Iterator[str]:
    """One line a case that was not judged right, with what was shown."""
    for case, answer, judgement in report.judged:
        if judgement in ("right first", "declined rightly"):
            continue
        shown = answer.snippets if isinstance(answer, Found | Related) else ()
        quoted = " | ".join(f"{snippet.article[:12]}: {snippet.text[:110]}" for snippet in shown[:3])
        wanted = " / ".join(case.must_contain_any[:2])
        yield f"{judgement}: {case.id} {case.kind} {case.question!r}\n    shown: {quoted}\n    wanted: {wanted}"


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())
