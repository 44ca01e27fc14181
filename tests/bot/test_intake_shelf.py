"""The folder of articles from the chat: every change is whole or not at all, can be undone, and the archive follows."""

from __future__ import annotations

import contextlib
import errno
import threading
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from intake_files import REPORT, TITLE

from bot.intake import atomic_files
from bot.intake import shelf as shelving
from bot.intake.documents import Document, Kind
from bot.intake.drafts import Draft, draft_again, draft_of
from bot.intake.errors import CannotWriteError, UnknownArticleError
from bot.intake.naming import article_name
from bot.intake.shelf import Action, Entry, Shelf
from index.archive import Archive
from index.errors import FolderError

EDITOR, NOON = 7, datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = date(2026, 3, 1)
NAME = "dinsos-salurkan-bantuan-lansia-pacitan-2024"
SEED = f"Rakor Pilar Sosial di Malang\n\nMALANG – {REPORT[2]}\n{REPORT[1]}\n"


def report(title: str = TITLE, text: str = REPORT[0]) -> Draft:
    return draft_of(Document(Kind.TEXT, f"{title}\n\nPACITAN – {text}\n{REPORT[1]}"))


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "rakor-malang.txt").write_text(SEED, encoding="utf-8")
    (folder / "rakor-malang.toml").write_text('date = "2023"\n', encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "articles"


@pytest.fixture
def shelf(folder: Path, seeds: Path) -> Shelf:
    shelf = Shelf(folder, seeds, now=lambda: NOON)
    assert shelf.recover() == ()
    return shelf


def titles(seeds: Path, folder: Path) -> dict[str, str]:
    """What the archive reads: id -> title."""
    return {article.id: article.title for article in Archive.open(seeds, added=folder).articles}


def everything(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_an_article_is_added_under_a_name_of_its_own_and_read(shelf: Shelf, seeds: Path, folder: Path) -> None:
    draft = report()
    assert shelf.add(draft, EDITOR) == Entry(EDITOR, NOON, Action.ADDED, NAME, version=1)
    assert (folder / f"{NAME}.txt").read_bytes() == draft.files().text
    assert titles(seeds, folder) == {"rakor-malang": "Rakor Pilar Sosial di Malang", NAME: TITLE}
    assert shelf.add(report(text=REPORT[2]), EDITOR).article != NAME
    assert shelf.add(draft, EDITOR).article == f"{NAME}-2"
    assert [path.name for path in folder.glob(".*")] == []


def test_an_edit_keeps_what_it_replaces_and_can_be_rolled_back(shelf: Shelf, seeds: Path, folder: Path) -> None:
    shelf.add(report(), EDITOR)
    draft = draft_again(NAME, shelf.files(NAME)).with_title("Judul kedua").with_date("2025", TODAY)
    assert shelf.edit(NAME, draft, 8) == Entry(8, NOON, Action.EDITED, NAME, version=2)
    assert shelf.edit(NAME, draft, 8) is None  # tapped twice
    assert titles(seeds, folder)[NAME] == "Judul kedua"
    assert [version.number for version in shelf.versions(NAME)] == [1, 2]
    rolled = shelf.roll_back(NAME, 1, EDITOR)
    assert rolled == Entry(EDITOR, NOON, Action.ROLLED_BACK, NAME, version=3, came_from=1)
    assert shelf.roll_back(NAME, 1, EDITOR) is None
    assert shelf.files(NAME) == report().files()
    assert shelf.roll_back(NAME, 2, EDITOR) is not None
    assert titles(seeds, folder)[NAME] == "Judul kedua"


def test_hidden_articles_leave_the_archive_and_come_back(shelf: Shelf, seeds: Path, folder: Path) -> None:
    shelf.add(report(), EDITOR)
    for article in (NAME, "rakor-malang"):
        assert shelf.hide(article, EDITOR) == Entry(EDITOR, NOON, Action.HIDDEN, article)
        assert shelf.hide(article, EDITOR) is None
        assert article not in titles(seeds, folder)
        assert shelf.hidden() == (article,)
        assert shelf.files(article).text
        assert shelf.restore(article, EDITOR) == Entry(EDITOR, NOON, Action.RESTORED, article)
        assert shelf.restore(article, EDITOR) is None
        assert article in titles(seeds, folder)


def test_an_article_of_the_seeds_is_edited_over_and_never_written_to(shelf: Shelf, seeds: Path, folder: Path) -> None:
    before = everything(seeds)
    draft = draft_again("rakor-malang", shelf.files("rakor-malang")).with_title("Judul yang benar")
    assert shelf.edit("rakor-malang", draft, EDITOR) == Entry(EDITOR, NOON, Action.EDITED, "rakor-malang", version=2)
    assert titles(seeds, folder) == {"rakor-malang": "Judul yang benar"}
    assert shelf.roll_back("rakor-malang", 1, EDITOR)
    assert titles(seeds, folder) == {"rakor-malang": "Rakor Pilar Sosial di Malang"}
    assert shelf.files("rakor-malang").text == SEED.encode()
    assert everything(seeds) == before


def test_what_an_operator_changed_by_hand_is_kept_as_a_version(shelf: Shelf, folder: Path) -> None:
    shelf.add(report(), EDITOR)
    (folder / f"{NAME}.toml").write_text('title = "Dengan tangan"\n', encoding="utf-8")
    shelf.edit(NAME, draft_again(NAME, shelf.files(NAME)).with_title("Judul kedua"), EDITOR)
    assert [version.number for version in shelf.versions(NAME)] == [1, 2, 3]
    shelf.roll_back(NAME, 2, EDITOR)
    assert b"Dengan tangan" in shelf.files(NAME).sidecar


@pytest.mark.parametrize(
    "article",
    [
        "",
        ".",
        "..",
        "../seeds/rakor-malang",
        "/etc/passwd",
        "a/b",
        "a\\b",
        "a\0b",
        "C:x",
        ".x",
        "tidak-ada",
        "x" * 5000,
        "\ud800",
    ],
)
def test_no_name_leads_out_of_the_folder(shelf: Shelf, folder: Path, article: str) -> None:
    before = everything(folder.parent.parent)
    for change in (
        lambda: shelf.files(article),
        lambda: shelf.hide(article, EDITOR),
        lambda: shelf.restore(article, EDITOR),
        lambda: shelf.edit(article, report(), EDITOR),
        lambda: shelf.roll_back(article, 1, EDITOR),
        lambda: shelf.versions(article),
    ):
        with pytest.raises(UnknownArticleError):
            change()
    assert everything(folder.parent.parent) == before


@pytest.mark.parametrize("version", [0, 2, -1, 10**9])
def test_a_version_that_is_not_there_is_not_rolled_back_to(shelf: Shelf, version: int) -> None:
    shelf.add(report(), EDITOR)
    with pytest.raises(UnknownArticleError):
        shelf.roll_back(NAME, version, EDITOR)
    assert shelf.files(NAME) == report().files()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("../../etc/passwd", "etc-passwd-2024"),
        ("CON", "artikel-con-2024"),
        ("README", "artikel-readme-2024"),
        ("Kafé “Élan” 2024: dibuka!", "kafe-elan-2024-dibuka"),
        ("新聞", "artikel-2024"),
        ("a" * 250, f"artikel-{'a' * 52}-2024"),
    ],
)
def test_a_name_is_safe_whatever_the_title(title: str, name: str) -> None:
    assert article_name(report().with_title(title).article, lambda _: False) == name


def test_a_new_article_is_not_born_hidden(shelf: Shelf, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{NAME}.hidden").touch()
    assert shelf.add(report(), EDITOR).article == f"{NAME}-2"


# -- crashes, full disks, two at once ---------------------------------------------------------------------------------


class Crash(BaseException):
    """The power goes: nothing after it runs."""


def steps_of(change, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many times a change renames a file or a folder."""
    return crash_at(10_000, change, monkeypatch)


def crash_at(step: int, change, monkeypatch: pytest.MonkeyPatch) -> int:
    """Run a change until just before its n-th rename; no clean-up of it runs either."""
    taken = 0

    def counted(real):
        def rename(path, target):
            nonlocal taken
            if taken == step:
                raise Crash
            taken += 1
            return real(path, target)

        return rename

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", counted(Path.rename))
        patch.setattr(Path, "replace", counted(Path.replace))
        patch.setattr(shelving.shutil, "rmtree", lambda *_, **__: None)
        with contextlib.suppress(Crash):
            change()
    return taken


def test_after_a_crash_at_any_step_an_edit_is_there_or_is_not(
    seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = report()
    new = draft_again(NAME, old.files()).with_title("Judul kedua").with_text(f"Judul\n\n{REPORT[2]}")

    def start(folder: Path) -> Shelf:
        shelf = Shelf(folder, seeds)
        shelf.add(old, EDITOR)
        return shelf

    whole = start(tmp_path / "whole")
    steps = steps_of(lambda: whole.edit(NAME, new, EDITOR), monkeypatch)
    assert steps > 4
    seen = set()
    for step in range(steps):
        folder = tmp_path / f"crash{step}"
        shelf = start(folder)
        crash_at(step, lambda shelf=shelf: shelf.edit(NAME, new, EDITOR), monkeypatch)
        again = Shelf(folder, seeds)
        finished = again.recover()
        assert again.files(NAME) in (old.files(), new.files())
        assert (again.files(NAME) == new.files()) == bool(finished)
        assert not list(folder.glob(".*"))
        assert not [each for each in folder.glob("versions/*/*") if not each.name.isdigit()]
        seen.add(again.files(NAME).text)
        assert again.recover() == ()
        # And the shelf goes on.
        assert again.edit(NAME, draft_again(NAME, again.files(NAME)).with_title("Judul ketiga"), EDITOR)
        assert titles(seeds, folder)[NAME] == "Judul ketiga"
    assert len(seen) == 2


def test_a_full_disk_changes_nothing(shelf: Shelf, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.add(report(), EDITOR)
    before = everything(folder)
    new = draft_again(NAME, shelf.files(NAME)).with_title("Judul kedua")
    real = atomic_files.os.fsync
    for allowed in range(4):
        left = allowed

        def full(descriptor: int) -> None:
            nonlocal left
            if left == 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            left -= 1
            real(descriptor)

        with monkeypatch.context() as patch:
            patch.setattr(atomic_files.os, "fsync", full)
            # What a folder is called may stay unsaved; a file's bytes may not.
            patch.setattr(atomic_files, "settle", lambda _: None)
            patch.setattr(shelving, "settle", lambda _: None)
            for change in (lambda: shelf.edit(NAME, new, EDITOR), lambda: shelf.add(report("Baru sekali ini"), EDITOR)):
                left = allowed
                with pytest.raises(CannotWriteError):
                    change()
        assert everything(folder) == before
        assert [each.name for each in folder.glob("versions/*")] == [NAME]
    assert shelf.edit(NAME, new, EDITOR)


def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path, seeds: Path) -> None:
    (tmp_path / "data").write_text("a file", encoding="utf-8")
    with pytest.raises(CannotWriteError):
        Shelf(tmp_path / "data" / "articles", seeds).add(report(), EDITOR)


def test_two_admins_at_once_get_two_articles(shelf: Shelf, seeds: Path, folder: Path) -> None:
    entries: list[Entry] = []
    threads = [threading.Thread(target=lambda: entries.append(shelf.add(report(), EDITOR))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({entry.article for entry in entries}) == 8
    assert len(titles(seeds, folder)) == 9


# -- the archive over two folders -------------------------------------------------------------------------------------


def test_the_second_folder_may_be_missing_empty_or_spoilt(seeds: Path, folder: Path) -> None:
    assert set(titles(seeds, folder)) == {"rakor-malang"}
    folder.mkdir(parents=True)
    assert set(titles(seeds, folder)) == {"rakor-malang"}
    (folder / "kosong.txt").write_bytes(b"")
    archive = Archive.open(seeds, added=folder)
    assert [article.id for article in archive.articles] == ["rakor-malang"]
    (refused,) = archive.refused
    assert "kosong.txt" in str(refused)


def test_progress_counts_both_folders(shelf: Shelf, seeds: Path, folder: Path) -> None:
    shelf.add(report(), EDITOR)
    steps: list[tuple[int, int]] = []
    Archive.open(seeds, added=folder, progress=lambda done, total: steps.append((done, total)))
    assert steps == [(1, 2), (2, 2)]


def test_an_archive_whose_articles_are_all_hidden_is_refused(shelf: Shelf, seeds: Path, folder: Path) -> None:
    shelf.hide("rakor-malang", EDITOR)
    with pytest.raises(FolderError, match="every article hidden"):
        Archive.open(seeds, added=folder)


def test_a_spoilt_seed_that_is_hidden_or_replaced_is_no_longer_complained_of(
    shelf: Shelf, seeds: Path, folder: Path
) -> None:
    (seeds / "rusak.txt").write_bytes(b"\xff\xfe\xfa")
    assert Archive.open(seeds, added=folder).refused
    shelf.hide("rusak", EDITOR)
    assert not Archive.open(seeds, added=folder).refused


def test_a_version_says_since_when_it_is(shelf: Shelf) -> None:
    shelf.add(report(), EDITOR)
    (version,) = shelf.versions(NAME)
    assert abs((datetime.now(UTC) - version.since).total_seconds()) < 60
