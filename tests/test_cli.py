"""``python -m index``: what each command prints, its contract for tools, and how it fails."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index.__main__ import main
from index.answer import STATUS

ROOT = Path(__file__).parents[1]
SEEDS = str(ROOT / "seeds")
ARTICLE = "Warga Tegal Terima Beras\n\nTEGAL - Sebanyak 40 warga menerima beras di Kota Tegal, Senin (3/6/2024).\n"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, stem_cache: Path) -> Run:
    """Runs one command; returns (exit status, output, errors)."""
    monkeypatch.setenv("DATA_DIR", str(stem_cache))

    def running(*arguments: str, given: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(given))
        try:
            status = main(arguments)
        except SystemExit as stopped:  # argparse's own way out
            status = int(str(stopped.code))
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return running


def lines(*rows: object) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


# -- what works ----------------------------------------------------------------------------------------------------


def test_the_line_of_the_readme_answers_with_a_cited_quotation(stem_cache: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "index", "ask", "apa itu HKSN?"],
        cwd=ROOT,
        # A C locale is what a server's service manager gives; the quotation marks must survive it.
        env={**os.environ, "DATA_DIR": str(stem_cache), "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": ""},
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 0
    assert not done.stderr
    assert "(HKSN)" in done.stdout.decode()
    assert "\n[1] " in done.stdout.decode()


def test_check_lists_every_article_with_what_is_cited(run: Run) -> None:
    status, out, err = run("check", "--seeds", SEEDS)
    assert (status, err) == (0, "")
    assert "5 articles read, 0 refused" in out
    for path in (ROOT / "seeds").glob("*.txt"):
        assert path.stem in out


def test_ask_jsonl_keeps_its_contract_key_by_key(run: Run) -> None:
    given = lines(
        {"id": "a", "question": "apa itu HKSN?"},
        {"id": 7, "question": "kalau di Banten?", "previous": "apa itu HKSN?"},
        {"question": "halo"},
    )
    status, out, _ = run("ask", "--jsonl", "--seeds", SEEDS, given=given)
    rows = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert [row["id"] for row in rows] == ["a", 7, None]
    assert rows[0]["status"] == "answered"
    assert rows[2]["status"] == "smalltalk"
    for row in rows:
        assert row.keys() == {"id", "question", "status", "understood", "snippets", "message"}
        assert row["status"] in STATUS.values()
        assert isinstance(row["understood"], str)
        for snippet in row["snippets"]:
            assert snippet.keys() == {"article", "start", "end", "text", "highlights", "citation"}
            assert snippet["citation"].keys() == {"title", "outlet", "place", "date", "url"}
            body = (ROOT / "seeds" / f"{snippet['article']}.txt").read_bytes().decode("utf-8-sig")
            assert snippet["text"] == body[snippet["start"] : snippet["end"]]
            assert all(0 <= start < end <= len(snippet["text"]) for start, end in snippet["highlights"])
            assert snippet["text"] in row["message"]


def test_search_jsonl_ranks_articles_and_no_more_than_asked_for(run: Run) -> None:
    given = lines({"id": "a", "question": "apa itu HKSN?"}, {"id": "b", "question": "zzzz qqqq"})
    status, out, _ = run("search", "--jsonl", "--top", "2", "--seeds", SEEDS, given=given)
    first, second = (json.loads(line) for line in out.splitlines())
    assert status == 0
    assert first.keys() == second.keys() == {"id", "hits"}
    assert len(first["hits"]) == 2
    assert all(hit.keys() == {"article", "score"} for hit in first["hits"])
    assert first["hits"][0]["score"] >= first["hits"][1]["score"]


def test_explain_says_how_a_question_was_read(run: Run) -> None:
    status, out, _ = run("explain", "siapa bupati Pacitan?", "--top", "1", "--seeds", SEEDS)
    assert status == 0
    assert "who" in out
    assert "Pacitan" in out


def test_eval_counts_by_kind_and_lists_mistakes_on_request(run: Run, tmp_path: Path) -> None:
    case = {"kind": "definition", "answerable": True, "gold_articles": ["banten"], "must_contain_any": ["tidak ada"]}
    questions = tmp_path / "q.jsonl"
    questions.write_text(lines({"id": "x1", "question": "apa itu HKSN?", **case}), encoding="utf-8")
    status, out, _ = run("eval", str(questions), "--wrong", "--seeds", SEEDS)
    assert status == 0
    assert "definition" in out
    assert "0/1" in out
    assert "wrong: x1" in out


# -- what does not -------------------------------------------------------------------------------------------------


def fails(result: tuple[int, str, str], *parts: str) -> None:
    status, out, err = result
    assert (status, out) == (2, "")
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert all(part in err for part in parts), err


@pytest.mark.parametrize("command", [("check",), ("ask", "halo"), ("search", "halo"), ("explain", "halo")])
def test_a_missing_folder_is_one_line_and_status_2(run: Run, command: tuple[str, ...], tmp_path: Path) -> None:
    fails(run(*command, "--seeds", str(tmp_path / "gone")), "gone", "expected a folder")


def test_an_empty_folder_is_one_line_and_status_2(run: Run, tmp_path: Path) -> None:
    fails(run("ask", "halo", "--seeds", str(tmp_path)), str(tmp_path), "no usable article")


def test_a_folder_of_bad_articles_only_says_why_the_first_is_bad(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"")
    fails(run("check", "--seeds", str(tmp_path)), "a.txt", "empty")


BAD = {
    "latin.txt": ("Baris satu.\nKafé di Tegal.\n".encode("latin-1"), "latin.txt: line 2: ", "not UTF-8"),
    "wide.txt": (ARTICLE.encode("utf-16"), "wide.txt: line 1: ", ""),
    "empty.txt": (b"", "empty.txt: ", "empty"),
    "blank.txt": ("\ufeff \n\t\n".encode(), "blank.txt: ", "white space"),
    "huge.txt": (b"Warga menerima beras. " * 240_000, "huge.txt: ", "5,280,000 bytes"),
}


def test_bad_articles_are_located_and_the_others_still_answer(run: Run, tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(ARTICLE, encoding="utf-8")
    for name, (content, _, _) in BAD.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    (tmp_path / "._good.txt").write_bytes(b"\0\5")  # what macOS leaves beside good.txt
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.txt")  # opening it would wait for a writer
    else:
        (tmp_path / "pipe.txt").mkdir()
    status, out, err = run("check", "--seeds", str(tmp_path))
    assert status == 1
    assert "1 articles read, 8 refused" in out
    for _, where, why in BAD.values():
        assert any(where in line and why in line for line in err.splitlines()), (where, err)
    status, out, err = run("ask", "siapa yang menerima beras di Tegal?", "--seeds", str(tmp_path))
    assert status == 0
    assert "40 warga" in out
    assert err.count("refused: ") == 8


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('{"id": 1, "question"', "not JSON"),
        ("[]", "expected"),
        ("[" * 100_000, "not JSON"),
        ('{"id": 1}', "question"),
        ('{"question": 5}', "question"),
        ('{"question": "halo", "previous": 5}', "previous"),
    ],
)
def test_a_malformed_line_ends_the_run_with_its_number(run: Run, line: str, why: str) -> None:
    good = lines({"id": 1, "question": "halo"})
    status, out, err = run("ask", "--jsonl", "--seeds", SEEDS, given=f"{good}\n{line}\n")
    assert status == 2
    assert out.count("\n") == 1  # what was answered before it is kept
    assert err.startswith("error: standard input: line 3: ")
    assert why in err
    assert err.count("\n") == 1


def test_a_lone_surrogate_on_standard_input_is_answered(run: Run) -> None:
    status, out, _ = run("ask", "--jsonl", "--seeds", SEEDS, given='{"id": 1, "question": "apa itu \\ud83d HKSN?"}\n')
    assert status == 0
    assert json.loads(out)["status"] == "answered"


def test_a_byte_order_mark_on_standard_input_is_no_part_of_it(stem_cache: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "index", "ask", "--jsonl"],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(stem_cache)},
        input=b'\xef\xbb\xbf{"id": 1, "question": "halo"}\n',
        capture_output=True,
        timeout=60,
    )
    assert json.loads(done.stdout)["status"] == "smalltalk"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_output_that_cannot_be_written_is_one_line_and_status_2(stem_cache: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "index", "check"],
            cwd=ROOT,
            env={**os.environ, "DATA_DIR": str(stem_cache)},
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
        )
    assert done.returncode == 2
    assert done.stderr.startswith(b"error: standard output")
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_question_beside_jsonl_is_not_dropped_in_silence(run: Run, command: str) -> None:
    fails(run(command, "--jsonl", "apa itu HKSN?", "--seeds", SEEDS), "expected one of them")


def test_an_empty_variable_is_as_good_as_none(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("SEEDS_DIR", "")
    assert run("check")[0] == 0


@pytest.mark.parametrize("command", [("ask",), ("ask", "  "), ("search",), ("eval",), ("eval", "--update")])
def test_a_command_without_what_it_needs_says_so(run: Run, command: tuple[str, ...]) -> None:
    fails(run(*command, "--seeds", SEEDS), "expected" if command[0] == "eval" else "question")


@pytest.mark.parametrize(
    ("content", "why"),
    [("", "no question"), ("{}\n", "line 1"), ('\n{"id"\n', "line 2"), (None, "cannot be read")],
)
def test_a_bad_question_file_is_located(run: Run, content: str | None, why: str, tmp_path: Path) -> None:
    questions = tmp_path / "q.jsonl"
    if content is not None:
        questions.write_text(content, encoding="utf-8")
    fails(run("eval", str(questions), "--seeds", SEEDS), "q.jsonl", why)


@pytest.mark.parametrize("arguments", [(), ("dance",), ("search", "--top", "0", "x"), ("search", "--top", "x", "x")])
def test_wrong_usage_is_status_2(run: Run, arguments: tuple[str, ...]) -> None:
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert "Traceback" not in err
