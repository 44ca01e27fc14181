"""Articles read by several processes are what one process reads, in the same order, whatever becomes of the others."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index import reading_many
from index.article import Article
from index.errors import ArticleError
from index.reading_many import read_articles

SEEDS = sorted((Path(__file__).parents[1] / "seeds").glob("*.txt"))


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    """Three batches and a bit; some files are no articles, and one has a bad sidecar."""
    made = []
    for number in range(3 * reading_many._BATCH + 7):
        made.append(tmp_path / f"{number:04}.txt")
        made[-1].write_bytes(b"\xff\xfe" if number % 40 == 3 else SEEDS[number % len(SEEDS)].read_bytes())
    made[-1].with_suffix(".toml").write_text('title = "Judul"\nkeliru = "x"\n', encoding="utf-8")
    return made


def told(read: Article | ArticleError) -> str:
    """All that is known of an article or an error."""
    if isinstance(read, Article):
        return repr((read, read.blocks))
    return repr((str(read), read.path, read.problem, read.line))


def test_several_processes_read_what_one_does(paths: list[Path]) -> None:
    alone = [told(each) for each in read_articles(paths, readers=1)]
    together = [told(each) for each in read_articles(paths, readers=2)]
    assert together == alone
    assert "keliru" in together[-1]
    assert sum("UTF-8" in each for each in together) == 4


def test_they_can_be_used_from_a_thread(paths: list[Path]) -> None:
    with ThreadPoolExecutor(1) as pool:
        assert len(list(pool.submit(lambda: list(read_articles(paths, readers=2))).result())) == len(paths)


@pytest.mark.parametrize("program", ["/nowhere/python", "/bin/false", "/bin/true"])
def test_where_no_process_can_be_had_this_one_reads(
    paths: list[Path], program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", program)
    assert [told(each) for each in read_articles(paths, readers=2)] == [
        told(each) for each in read_articles(paths, readers=1)
    ]


def test_a_process_that_ends_early_leaves_its_articles_to_this_one(
    paths: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []
    start = reading_many._start

    def remembered(batches: list[list[Path]]) -> object:
        started.append(start(batches))
        return started[-1]

    monkeypatch.setattr(reading_many, "_start", remembered)
    read = []
    for each in read_articles(paths, readers=2):
        if not read:
            started[0].kill()
            started[0].wait()
        read.append(told(each))
    assert read == [told(each) for each in read_articles(paths, readers=1)]


def test_who_stops_listening_leaves_no_process_behind(paths: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    start = reading_many._start
    monkeypatch.setattr(reading_many, "_start", lambda batches: started.append(start(batches)) or started[-1])
    reading = read_articles(paths, readers=2)
    next(reading)
    reading.close()
    assert len(started) == 2
    assert all(each.returncode is not None for each in started)


def test_the_readers_are_told_no_secret(paths: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", "42:rahasia")
    kept: list[dict[str, str]] = []
    real = reading_many.subprocess.Popen
    monkeypatch.setattr(
        reading_many.subprocess, "Popen", lambda *given, **more: kept.append(more["env"]) or real(*given, **more)
    )
    assert len(list(read_articles(paths, readers=2))) == len(paths)
    assert kept
    assert not any("42:rahasia" in value for each in kept for value in each.values())


def test_a_few_articles_are_read_without_starting_any_process(
    paths: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_many, "_start", lambda batches: pytest.fail("a process was started"))
    assert len(paths) < reading_many.FEW
    assert len(list(read_articles(paths))) == len(paths)


def test_many_articles_are_read_with_every_processor(paths: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    start = reading_many._start
    monkeypatch.setattr(reading_many, "_start", lambda batches: started.append(start(batches)) or started[-1])
    monkeypatch.setattr(reading_many, "FEW", len(paths))
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    assert len(list(read_articles(paths))) == len(paths)
    assert len(started) == 3
