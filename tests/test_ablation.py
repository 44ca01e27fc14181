"""``python -m index eval --ablate``: one line for the whole and one for each capability, with what it is worth."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from invented_pages import PAGES

from index.__main__ import main
from index.ablation import ablate, ablation_table
from index.archive import Archive
from index.capabilities import Capability
from index.evaluation import Case, evaluate
from index.reading import parse_article

CASES = (
    Case("a", "brp nelayan yg nrima prahu", "slang", True, ("natuna",), ("60 nelayan",)),
    Case("b", "apakah sekolah lapang lansia dipungut biaya?", "qa", True, ("blora",), ("Gratis.",)),
    Case(
        "c", "kapan?", "followup", True, ("kabupaten-kediri",), ("(18/1/2024)",), "berapa bibit kopi yang disalurkan?"
    ),
    Case("d", "berapa tali asih kader gowa tahun 2020?", "near-miss", False, (), ()),
    Case("e", "siapa wakil bupati kediri?", "near-miss", False, (), ()),
)


@pytest.fixture(scope="module")
def pages() -> Archive:
    return Archive([parse_article(name, text) for name, text in PAGES.items()])


def test_there_is_one_report_for_the_whole_and_for_each_capability(pages: Archive) -> None:
    reports = dict(ablate([(pages, CASES[:3]), (pages, CASES[3:])]))
    assert list(reports) == [None, *Capability]
    assert reports[None].all == evaluate(pages, CASES).all
    whole = reports[None].all
    assert (whole.right, whole.declined_rightly) == (3, 2)
    assert reports[Capability.SPELLING].all.right == 2
    assert reports[Capability.FOLLOW_UPS].all.right == 2
    assert reports[Capability.CONSTRAINTS].all.declined_rightly < 2


def test_a_line_has_the_figures_and_the_difference_in_points(pages: Archive) -> None:
    head, whole, *lines = ablation_table(ablate([(pages, CASES)]))
    assert " ".join(head.split()) == "right first decl. wrongly decl. rightly reliability characters"
    assert re.match(r"whole +100\.0% +100\.0% +0\.0% +100\.0% +100\.0% +\d+ / \d+$", whole)
    assert all(line.startswith(f"without {each} ") for line, each in zip(lines, Capability, strict=True))
    (spelling,) = (line for line in lines if line.startswith("without spelling"))
    assert re.search(r"66\.7% \(-33\.3\) +66\.7% \(-33\.3\) +33\.3% \(\+33\.3\) +100\.0% \(\+0\.0\)", spelling)


@pytest.fixture
def golden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with articles, questions and a gate file of a practice and a held-out set, as the working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "articles").mkdir()
    for name, text in PAGES.items():
        (tmp_path / "articles" / f"{name}.txt").write_text(text, encoding="utf-8")
    keys = ("id", "question", "kind", "answerable", "gold_articles", "must_contain_any", "previous")
    rows = [json.dumps({key: getattr(case, key) for key in keys}) for case in CASES]
    (tmp_path / "q.jsonl").write_text("\n".join(rows), encoding="utf-8")
    sets = ("practice-x", "heldout-x")
    (tmp_path / "gate.toml").write_text(
        "".join(f'[{name}]\nfolder = "articles"\nfiles = ["q.jsonl"]\n' for name in sets), encoding="utf-8"
    )
    return tmp_path


@pytest.mark.usefixtures("golden")
def test_the_sets_of_a_gate_are_summed_up_and_no_question_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("eval", "--gate", "gate.toml", "--ablate")) == 0
    printed = capsys.readouterr().out
    practice, held_out = printed.split("held-out: heldout-x\n")
    assert practice.startswith("practice: practice-x\n")
    for part in (practice, held_out):
        assert part.count("without ") == len(Capability)
    assert not any(case.question in printed for case in CASES)


@pytest.mark.usefixtures("golden")
def test_question_files_can_be_ablated_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("eval", "q.jsonl", "--ablate", "--seeds", "articles")) == 0
    assert capsys.readouterr().out.count("without ") == len(Capability)


@pytest.mark.usefixtures("golden")
@pytest.mark.parametrize(
    "options", [("--gate", "gate.toml", "--update"), ("q.jsonl", "--wrong"), ("q.jsonl", "--gate", "gate.toml"), ()]
)
def test_what_cannot_be_ablated_at_once_is_refused(options: tuple[str, ...], golden: Path) -> None:
    before = (golden / "gate.toml").read_text(encoding="utf-8")
    try:
        status = main(("eval", "--ablate", *options))
    except SystemExit as stopped:  # argparse's own way out
        status = int(str(stopped.code))
    assert status == 2
    assert (golden / "gate.toml").read_text(encoding="utf-8") == before
