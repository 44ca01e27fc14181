"""An index kept between runs: only what changed is read, and whatever happens to it, the answers are the same."""

from __future__ import annotations

import ast
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented import INVENTED

from index import rules, saved, sections, stemming
from index.archive import Archive, Changes
from index.article import Article
from index.errors import SavedIndexError

ROOT = Path(__file__).parents[1]
QUESTIONS = (
    "apa itu RSLM?",
    "bantuan apa di Kabupaten Tegal?",
    "berapa kursi rodda yang dibagikan?",
    "kapan benih jagung dibagikan di Kupang?",
    "berita apa di Jawa Tengah",
    "apa saja berita tahun 2024",
    "syarat pelatihan membatik",
)
OLD = 1_700_000_000  # seconds: a time of change that no second change can share


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "articles"
    found.mkdir()
    for name, text in INVENTED.items():
        put(found / f"{name}.txt", text)
    return found


def put(path: Path, text: str, at: float = OLD) -> None:
    path.write_text(text, encoding="utf-8")
    os.utime(path, (at, at))


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read, as they are."""
    names: list[str] = []
    real = saved.read_article

    def noting(path: Path) -> Article:
        names.append(path.stem)
        return real(path)

    monkeypatch.setattr(saved, "read_article", noting)
    return names


def told(archive: Archive) -> list[Any]:
    """Everything that could differ: the articles, the answers, what they were weighed by, and what is found."""
    answers = [archive.ask(question) for question in QUESTIONS]
    weighed = [
        (each.weights, [(candidate.text, candidate.score) for candidate in each.candidates])
        for each in map(archive.explain, QUESTIONS)
    ]
    hits = [archive.search(question) for question in QUESTIONS]
    everything = archive.find("bantuan", (), lambda article: True)
    return [list(archive.articles), list(map(str, archive.refused)), answers, weighed, hits, everything]


def index_of(data: Path) -> Path:
    (found,) = (data / "index").glob("*.idx")
    return found


def test_the_next_start_reads_nothing_and_stems_nothing(
    folder: Path, tmp_path: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = told(Archive.open(folder, cache=tmp_path))
    assert sorted(read) == sorted(INVENTED)
    read.clear()
    steps: list[tuple[int, int]] = []
    with monkeypatch.context() as patch:
        patch.setattr(stemming, "_sastrawi", lambda: pytest.fail("a word is stemmed again"))
        again = Archive.open(folder, cache=tmp_path, progress=lambda done, total: steps.append((done, total)))
    assert (read, steps) == ([], [(len(INVENTED), len(INVENTED))])
    assert told(again) == first == told(Archive.open(folder))


def test_only_what_is_new_or_changed_is_read(folder: Path, tmp_path: Path, read: list[str]) -> None:
    before = Archive.open(folder, cache=tmp_path)
    put(folder / "baru.txt", "Warga Menanam Pohon\n\nWarga Desa Oebola menanam 100 pohon, Senin (6/1/2025).\n")
    put(folder / "kupang-jagung.txt", INVENTED["kupang-jagung"].replace("400", "450"), OLD + 1)
    put(folder / "sleman-pelatihan.toml", 'outlet = "Koran Sleman"\n')
    put(folder / "rusak.txt", "\n")
    (folder / "kota-tegal-beras.txt").unlink()
    read.clear()
    after = Archive.open(folder, cache=tmp_path)
    assert sorted(read) == ["baru", "kupang-jagung", "rusak", "sleman-pelatihan"]
    changes = after.changes_from(before)
    assert changes.added == ("baru",)
    assert changes.changed == ("kupang-jagung", "sleman-pelatihan")
    assert changes.removed == ("kota-tegal-beras",)
    read.clear()
    assert told(Archive.open(folder, cache=tmp_path)) == told(after)
    assert read == []
    assert told(after) == told(Archive.open(folder))


PARAGRAPHS = [text for page in INVENTED.values() for text in page.split("\n\n")]


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    steps=st.lists(
        st.dictionaries(
            st.sampled_from(["a", "b", "c", "d", "e"]),
            st.one_of(st.none(), st.lists(st.sampled_from(PARAGRAPHS), min_size=1, max_size=4).map("\n\n".join)),
            min_size=1,
        ),
        min_size=2,
        max_size=4,
    )
)
def test_after_any_changes_an_index_kept_is_the_index_made_anew(
    tmp_path_factory: pytest.TempPathFactory, steps: list[dict[str, str | None]]
) -> None:
    root = tmp_path_factory.mktemp("changes")
    (root / "articles").mkdir()
    put(root / "articles" / "always.txt", INVENTED["kupang-jagung"])
    for number, step in enumerate(steps):
        for name, text in step.items():
            if text is None:
                (root / "articles" / f"{name}.txt").unlink(missing_ok=True)
            else:
                put(root / "articles" / f"{name}.txt", text, OLD + number)
        assert told(Archive.open(root / "articles", cache=root)) == told(Archive.open(root / "articles"))


@pytest.mark.parametrize("how", ["hidden", "shown again", "its sidecar gone", "one over it", "one of 2400"])
def test_whatever_happens_to_a_file_is_noticed_at_the_next_start(how: str, folder: Path, tmp_path: Path) -> None:
    added = tmp_path / "added"
    added.mkdir()
    put(folder / "sleman-pelatihan.toml", 'outlet = "Koran Sleman"\n')
    (added / "kota-tegal-beras.hidden").touch()
    before = Archive.open(folder, added=added, cache=tmp_path)
    if how == "hidden":
        (added / "kupang-jagung.hidden").touch()
    elif how == "shown again":
        (added / "kota-tegal-beras.hidden").unlink()
    elif how == "its sidecar gone":
        (folder / "sleman-pelatihan.toml").unlink()
    elif how == "one over it":
        put(added / "kupang-jagung.txt", INVENTED["kupang-jagung"].replace("400", "450"))
    else:  # beyond what 64 bits of nanoseconds hold
        put(folder / "kupang-jagung.txt", INVENTED["kupang-jagung"].replace("400", "450"), 13_600_000_000)
    after = Archive.open(folder, added=added, cache=tmp_path)
    assert after.changes_from(before) != Changes((), (), ())
    assert told(after) == told(Archive.open(folder, added=added))


def test_a_file_that_was_only_touched_is_not_read_again(folder: Path, tmp_path: Path, read: list[str]) -> None:
    Archive.open(folder, cache=tmp_path)
    read.clear()
    os.utime(folder / "kupang-jagung.txt", (OLD + 5, OLD + 5))
    Archive.open(folder, cache=tmp_path)
    assert read == []


def test_a_change_within_the_same_tick_of_the_clock_is_noticed(folder: Path, tmp_path: Path) -> None:
    path = folder / "kupang-jagung.txt"
    path.write_text(INVENTED["kupang-jagung"], encoding="utf-8")
    state = path.stat()
    Archive.open(folder, cache=tmp_path)
    path.write_text(INVENTED["kupang-jagung"].replace("400", "499"), encoding="utf-8")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert "499 petani" in Archive.open(folder, cache=tmp_path).article("kupang-jagung").body


def test_a_rebuild_that_is_given_up_leaves_the_index_as_it_was(folder: Path, tmp_path: Path) -> None:
    archive = Archive.open(folder, cache=tmp_path)
    index, answers = index_of(tmp_path), told(archive)
    whole = index.read_bytes()
    put(folder / "kupang-jagung.txt", INVENTED["kupang-jagung"] + "\nPenyemprotan dilaksanakan.\n")

    def stop(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Archive.open(folder, cache=tmp_path, progress=stop)
    assert index.read_bytes() == whole
    assert told(archive) == answers
    assert "Penyemprotan" in Archive.open(folder, cache=tmp_path).article("kupang-jagung").body


def test_an_archive_goes_on_answering_from_an_index_that_is_replaced_or_deleted(folder: Path, tmp_path: Path) -> None:
    archive = Archive.open(folder, cache=tmp_path)
    answers = told(archive)
    put(folder / "kupang-jagung.txt", "Lain\n\nSama sekali lain.\n")
    Archive.open(folder, cache=tmp_path)
    index_of(tmp_path).unlink()
    assert told(archive) == answers


# -- what of the file is in memory -------------------------------------------------------------------------------------


def resident(path: Path) -> int:
    """Pages of a file that this process has mapped, in KiB."""
    found, here = 0, False
    for line in Path("/proc/self/smaps").read_text(encoding="utf-8").splitlines():
        if "-" in line.split(maxsplit=1)[0]:
            here = line.endswith(str(path))
        elif here and line.startswith("Rss:"):
            found += int(line.split()[1])
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells what is resident")
def test_pages_of_files_are_let_go_of_when_there_are_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [tmp_path / "live.idx", tmp_path / "kept.idx"]
    for path in paths:
        sections.write(path, {"a": np.arange(1 << 20)}, "mark")
    mapped = [sections.read(path, "mark")["a"] for path in paths]
    assert [resident(path) for path in paths] == [0, 0]  # looked through beside the map
    sums = [int(each.sum()) for each in mapped]
    assert min(map(resident, paths)) > 8_000
    sections.let_go()
    assert min(map(resident, paths)) > 8_000  # not many yet
    monkeypatch.setattr(sections, "_MAPPED", 1 << 20)
    sections.let_go()
    assert [resident(path) for path in paths] == [0, 0]
    assert [int(each.sum()) for each in mapped] == sums


def test_answers_are_the_same_while_pages_are_let_go_of_all_the_time(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Archive.open(folder, cache=tmp_path)
    archive = Archive.open(folder, cache=tmp_path)
    monkeypatch.setattr(sections, "_MAPPED", 0)
    assert told(archive) == told(Archive.open(folder))


# -- what can be wrong with the file -------------------------------------------------------------------------------


def spoil(data: bytes, how: str) -> bytes:
    if how == "cut short":
        return data[:-70]
    if how == "cut within its header":
        return data[:30]
    if how == "empty":
        return b""
    if how == "something else":
        return b"PK\x03\x04" + data[4:]
    if how == "of another format":
        return data[:8] + bytes([data[8] + 1]) + data[9:]
    return data.replace(rules.mark().encode(), b"0" * 64)  # unsound, too: its checksum says so


@pytest.mark.parametrize(
    "how", ["cut short", "cut within its header", "empty", "something else", "of another format", "by other rules"]
)
def test_an_index_that_is_no_good_is_told_of_and_made_again(
    how: str, folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    answers = told(Archive.open(folder, cache=tmp_path))
    index = index_of(tmp_path)
    whole = index.read_bytes()
    index.write_bytes(spoil(whole, how))
    with caplog.at_level(logging.WARNING):
        assert told(Archive.open(folder, cache=tmp_path)) == answers
    assert str(index) in caplog.text
    assert "expected an index saved by this version" in caplog.text
    assert len(index_of(tmp_path).read_bytes()) == len(whole)


def test_stems_outlive_a_change_of_the_rules_that_they_do_not_depend_on(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: list[str]
) -> None:
    Archive.open(folder, cache=tmp_path)
    read.clear()
    monkeypatch.setattr(saved, "mark", lambda: "another")
    monkeypatch.setattr(stemming, "_sastrawi", lambda: pytest.fail("a word is stemmed again"))
    Archive.open(folder, cache=tmp_path)
    assert sorted(read) == sorted(INVENTED)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sections") / "some.idx"
    sections.write(path, {"a": np.arange(1000, dtype=np.int32), "b": np.zeros(0), "c": np.ones(7)}, "mark")
    return path


@settings(deadline=None)
@given(st.data())
def test_no_flipped_bit_goes_unnoticed(file: Path, data: st.DataObject) -> None:
    whole = bytearray(file.read_bytes())
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= 1 << data.draw(st.integers(0, 7))
    spoilt = file.with_name("spoilt.idx")
    spoilt.write_bytes(whole)
    with pytest.raises(SavedIndexError):
        sections.read(spoilt, "mark")


@settings(deadline=None)
@given(
    st.dictionaries(
        st.text(min_size=1, max_size=8),
        st.lists(st.integers(-(2**31), 2**31 - 1), max_size=50).map(lambda numbers: np.array(numbers, dtype=np.int32)),
        max_size=5,
    )
)
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, arrays: dict[str, Any]) -> None:
    path = tmp_path_factory.mktemp("kept") / "some.idx"
    sections.write(path, arrays, "mark")
    found = sections.read(path, "mark")
    assert {name: array.tolist() for name, array in found.items()} == {
        name: array.tolist() for name, array in arrays.items()
    }
    assert not any(array.flags.writeable and array.size for array in found.values())


def test_a_folder_that_cannot_be_written_costs_the_keeping_only(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "index").write_text("a file where a folder should be")
    assert told(Archive.open(folder, cache=tmp_path)) == told(Archive.open(folder))
    assert "no index can be kept there" in caplog.text


def test_of_several_processes_one_builds_and_all_answer(folder: Path, tmp_path: Path) -> None:
    script = f"""
import sys, time
from pathlib import Path
from index.archive import Archive, Changes
steps = []
def slowly(done, total):
    steps.append(done)
    time.sleep(0.1)
archive = Archive.open(Path({str(folder)!r}), cache=Path({str(tmp_path)!r}), progress=slowly)
print(len([done for done in steps if done]), archive.ask("apa itu RSLM?").snippets[0].text)
"""
    running = [
        subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    said = [process.communicate(timeout=60)[0].split(" ", 1) for process in running]
    read = sorted(int(count) for count, _ in said)
    assert read[-1] == len(INVENTED)
    assert read[:-1] in ([0, 0], [0, 1], [1, 1])  # who came later found it there
    assert len({text for _, text in said}) == 1


# -- the rules -----------------------------------------------------------------------------------------------------


def imported(name: str) -> set[str]:
    """The modules of ``index`` that one imports when it runs."""
    tree = ast.parse((ROOT / "index" / f"{name}.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            node.body = []
    return {
        node.module.removeprefix("index.")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("index.")
    }


def test_the_mark_covers_every_module_and_list_that_has_a_say_in_an_index() -> None:
    reached, new = set[str](), {"building", "forward", "passages", "reading", "stemming"}
    while new:
        reached |= new
        new = set().union(*map(imported, new)) - reached
    assert sorted(reached) == list(rules.MODULES)
    texts = [(ROOT / "index" / f"{name}.py").read_text(encoding="utf-8") for name in reached]
    lists = {path.name for path in (ROOT / "index" / "words").iterdir()}
    assert {name for name in lists if any(f'"{name}"' in text for text in texts)} == set(rules.LISTS)
