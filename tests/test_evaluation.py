"""Answers are counted as the practice set's own scorer counts them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.answer import Answer, Citation, Found, Gap, NotFound, Related, Snippet, Understanding
from index.archive import Archive
from index.errors import QuestionFileError
from index.evaluation import Case, Report, Tally, evaluate, mistakes, read_cases, table

READ = Understanding()


def snippet(text: str, article: str = "tegal-2023") -> Snippet:
    return Snippet(article, 0, len(text), text, (), Citation("t", None, None, None, None))


def found(*snippets: Snippet) -> Found:
    return Found(READ, snippets)


def case(*, answerable: bool = True, **more: object) -> Case:
    given: dict[str, object] = {"gold_articles": ("tegal",), "must_contain_any": ("40 warga", "empat puluh")}
    return Case("x", "?", "how-many", answerable, **{**given, **more})  # type: ignore[arg-type]


RIGHT, OTHER = snippet("Ada 40 warga."), snippet("Ada beras.")
SPACED, ELSEWHERE = snippet("Ada\u00a040\n warga."), snippet("Ada 40 warga.", "kupang-2023")


@pytest.mark.parametrize(
    ("answer", "answerable", "judged"),
    [
        (found(RIGHT), True, "right first"),
        (found(SPACED), True, "right first"),
        (found(OTHER, RIGHT), True, "right"),
        (found(OTHER), True, "wrong"),
        (found(ELSEWHERE), True, "wrong"),
        (Related(READ, Gap.PLACE, "", (RIGHT,)), True, "declined wrongly"),
        (NotFound(READ), True, "declined wrongly"),
        (NotFound(READ), False, "declined rightly"),
        (Related(READ, Gap.PLACE, "", (RIGHT,)), False, "declined rightly"),
        (found(RIGHT), False, "answered the unanswerable"),
    ],
)
def test_an_answer_is_judged(answer: Answer, answerable: bool, judged: str) -> None:
    assert Tally().add(case(answerable=answerable), answer) == judged


def test_shares_are_of_the_answerable_and_of_the_unanswerable() -> None:
    report = Report()
    for answer in (found(RIGHT), found(OTHER, RIGHT), found(OTHER), NotFound(READ)):
        report.all.add(case(), answer)
    for answer in (NotFound(READ), found(RIGHT)):
        report.all.add(case(answerable=False), answer)
    assert report.shares() == {
        "right": 0.5, "first": 0.25, "wrong": 0.25, "declined_wrongly": 0.25, "declined_rightly": 0.5,
    }  # fmt: skip
    assert report.reliability == 0.5


def test_an_empty_report_has_figures_too() -> None:
    report = Report()
    assert set(report.shares().values()) == {0.0}
    assert report.reliability == 0.0
    assert list(table(report))


ROW = {"id": 1, "question": "q", "kind": "k", "answerable": True, "gold_articles": ["a"], "must_contain_any": ["x"]}


def test_an_earlier_question_is_read_from_its_key_or_from_the_notes(tmp_path: Path) -> None:
    rows = [ROW, {**ROW, "previous": "apa?"}, {**ROW, "notes": 'fact=a; context="apa itu?"; trap'}]
    file = tmp_path / "q.jsonl"
    file.write_text("\n\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert [each.previous for each in read_cases(file)] == [None, "apa?", "apa itu?"]


@pytest.mark.parametrize("key", ROW)
def test_a_case_that_lacks_a_key_is_located(tmp_path: Path, key: str) -> None:
    file = tmp_path / "q.jsonl"
    rows = [ROW, {name: value for name, value in ROW.items() if name != key}]
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    with pytest.raises(QuestionFileError, match=f"q.jsonl: line 2: .*{key}"):
        read_cases(file)


def test_every_case_is_counted_once_in_its_kind_and_listed_when_not_right(invented: Archive) -> None:
    cases = [
        Case("a", "berapa kursi roda yang dibagikan?", "how-many", True, ("kabupaten-tegal",), ("35 kursi roda",)),
        Case("b", "siapa bupati Tegal?", "who", True, ("kabupaten-tegal",), ("Nama Lain",)),
        Case("c", "kalau wakilnya?", "who", True, ("kabupaten-tegal",), ("Hendro Laksono",), "siapa bupati Tegal?"),
        Case("d", "resep rendang", "out-of-domain", False, (), ()),
    ]
    report = evaluate(invented, cases)
    assert {kind: tally.answerable + tally.unanswerable for kind, tally in report.kinds.items()} == {
        "how-many": 1, "who": 2, "out-of-domain": 1,
    }  # fmt: skip
    assert (report.all.right, report.all.wrong, report.all.declined_rightly) == (2, 1, 1)
    (listed,) = mistakes(report)
    assert listed.startswith("wrong: b who")
