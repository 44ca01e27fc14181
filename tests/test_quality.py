"""The gate: every golden set is in it with every kind, it passes today, and it cannot pass by checking nothing."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from index.__main__ import main
from index.archive import Archive
from index.errors import QuestionFileError
from index.evaluation import Case, Report, evaluate, read_cases
from index.gate import ASKED, QuestionSet, counts, read_gate, shortfalls, write_gate

ROOT = Path(__file__).parents[1]
GATE = ROOT / "tests" / "golden" / "gate.toml"
CASES = (
    Case("a", "berapa kursi roda yang dibagikan?", "how-many", True, ("kabupaten-tegal",), ("35 kursi roda",)),
    Case("b", "apa itu RSLM?", "definition", True, ("kota-tegal",), ("(RSLM)",)),
    Case("c", "resep rendang", "out-of-domain", False, (), ()),
)


@pytest.fixture
def report(invented: Archive) -> Report:
    return evaluate(invented, CASES)


@pytest.fixture
def committed(report: Report) -> QuestionSet:
    return QuestionSet("a", Path("f"), (Path("q"),), (), {}, {"right": 1.0}).with_figures_of(report)


def test_every_golden_set_is_in_the_gate_with_every_kind() -> None:
    sets = read_gate(GATE)
    gated = {ROOT / file for each in sets for file in each.files}
    assert gated == {file for file in GATE.parent.rglob("*.jsonl") if "articles" not in file.parts}
    for each in sets:
        assert set(each.kinds) == {case.kind for file in each.files for case in read_cases(ROOT / file)}
        assert set(each.figures) >= set(ASKED)


def test_every_gold_article_of_a_golden_set_exists() -> None:
    for each in read_gate(GATE):
        ids = [path.stem for path in (ROOT / each.folder).glob("*.txt")]
        for case in (case for file in each.files for case in read_cases(ROOT / file)):
            assert bool(case.gold_articles) == case.answerable
            assert all(any(name.startswith(gold) for name in ids) for gold in case.gold_articles)


def test_the_practice_set_reaches_what_was_promised(archive: Archive) -> None:
    (practice,) = [each for each in read_gate(GATE) if each.name == "seeds-dev"]
    assert practice.at_least == {"right": 0.85, "first": 0.7, "declined_rightly": 0.75}
    cases = [case for file in practice.files for case in read_cases(ROOT / file)]
    assert not shortfalls(evaluate(archive, cases), practice)


# -- what makes it fail --------------------------------------------------------------------------------------------


def test_the_committed_figures_pass(report: Report, committed: QuestionSet) -> None:
    assert not shortfalls(report, committed)


@pytest.mark.parametrize(("name", "step"), [("right", 1), ("first", 1), ("declined_rightly", 1), ("answerable", 1),
                                            ("unanswerable", -1)])  # fmt: skip
def test_one_question_less_than_committed_fails(report: Report, committed: QuestionSet, name: str, step: int) -> None:
    figures = {**committed.figures, name: committed.figures[name] + step}
    (reason,) = shortfalls(report, replace(committed, figures=figures))
    assert name in reason


@pytest.mark.parametrize("name", ["wrong", "declined_wrongly"])
def test_one_mistake_more_than_committed_fails(report: Report, committed: QuestionSet, name: str) -> None:
    (reason,) = shortfalls(report, replace(committed, figures={**committed.figures, name: -1}))
    assert name in reason


@pytest.mark.parametrize("name", ["right", "first", "wrong", "declined_wrongly", "declined_rightly", *ASKED])
def test_a_figure_that_nobody_committed_fails(report: Report, committed: QuestionSet, name: str) -> None:
    figures = {key: value for key, value in committed.figures.items() if key != name}
    assert shortfalls(report, replace(committed, figures=figures)) == [f"no committed figure for {name}"]


def test_a_kind_without_a_question_and_a_kind_not_committed_fail(report: Report, committed: QuestionSet) -> None:
    assert shortfalls(report, replace(committed, kinds=(*committed.kinds, "typo")))
    assert shortfalls(report, replace(committed, kinds=committed.kinds[1:]))


def test_a_share_below_what_was_promised_fails_whatever_was_committed(
    committed: QuestionSet, invented: Archive
) -> None:
    worse = evaluate(invented, [*CASES, replace(CASES[0], must_contain_any=("36 kursi roda",))])
    (reason,) = shortfalls(worse, committed.with_figures_of(worse))
    assert reason == "right: 66.7%, expected at least 100.0%"


def test_asking_nothing_fails(committed: QuestionSet) -> None:
    assert "no answerable question was asked" in shortfalls(Report(), committed.with_figures_of(Report()))


# -- the file and the command --------------------------------------------------------------------------------------


def test_a_gate_file_reads_back_as_it_was_written(report: Report, committed: QuestionSet, tmp_path: Path) -> None:
    sets = [committed, replace(committed, name="b.c", at_least={}, kinds=('a "b" é',))]
    write_gate(tmp_path / "gate.toml", sets)
    again = read_gate(tmp_path / "gate.toml")
    assert [replace(each, kinds=()) for each in again] == [replace(each, kinds=()) for each in sets]
    assert [set(each.kinds) for each in again] == [set(each.kinds) for each in sets]
    assert again[0].figures == counts(report)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[a",
        "a = 1",
        "[a]",
        '[a]\nfolder = "f"\nfiles = []',
        '[a]\nfolder = "f"\nfiles = "q"',
        '[a]\nfolder = "f"\nfiles = ["q"]\nkinds = "k"',
        '[a]\nfolder = "f"\nfiles = ["q"]\nright = 0.5',
        '[a]\nfolder = "f"\nfiles = ["q"]\nrihgt = 5',
        '[a]\nfolder = "f"\nfiles = ["q"]\nat_least = { wrong = 0.1 }',
        '[a]\nfolder = "f"\nfiles = ["q"]\nat_least = { right = 85 }',
    ],
)
def test_a_malformed_gate_file_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "gate.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(QuestionFileError, match=r"gate\.toml"):
        read_gate(file)


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, invented: Archive) -> Path:
    """A folder with articles, questions and a gate file, as the working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "articles").mkdir()
    for article in invented.articles:
        (tmp_path / "articles" / f"{article.id}.txt").write_text(article.body, encoding="utf-8")
    keys = ("id", "question", "kind", "answerable", "gold_articles", "must_contain_any")
    rows = [{key: getattr(case, key) for key in keys} for case in CASES]
    (tmp_path / "q.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (tmp_path / "gate.toml").write_text('[small]\nfolder = "articles"\nfiles = ["q.jsonl"]\n', encoding="utf-8")
    return tmp_path


def test_the_gate_fails_until_figures_are_committed_then_passes_then_notices_a_fall(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gate = ("eval", "--gate", "gate.toml")
    assert main(gate) == 1
    assert "gate: small: no committed figure for right" in capsys.readouterr().out
    assert main((*gate, "--update")) == 0
    assert main(gate) == 0
    printed = capsys.readouterr().out
    assert printed.endswith("gate: passed\n")
    assert "small: right 100.0%" in printed
    assert re.search(r"reliability \d+\.\d%$", printed, re.MULTILINE)
    # where the threshold comes from stands beside what it does
    assert re.search(r"^threshold: .* likelihood of \d+%, made by python benchmarks/fit\.py ", printed, re.MULTILINE)
    (small / "articles" / "kota-tegal-beras.txt").unlink()
    assert main(gate) == 1
    assert "gate: small: right: 1, committed 2" in capsys.readouterr().out


def test_an_update_that_asks_nothing_of_a_kind_is_not_written(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("eval", "--gate", "gate.toml", "--update")) == 0
    before = (small / "gate.toml").read_text(encoding="utf-8")
    rows = (small / "q.jsonl").read_text(encoding="utf-8").splitlines()
    (small / "q.jsonl").write_text("\n".join(rows[1:]), encoding="utf-8")
    assert main(("eval", "--gate", "gate.toml", "--update")) == 1
    assert "no question of kind 'how-many' was asked" in capsys.readouterr().out
    assert (small / "gate.toml").read_text(encoding="utf-8") == before
