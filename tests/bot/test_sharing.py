"""One archive for all replicas: one builds, the others say so, all swap at once, and nobody is left with another."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from shelf import ScriptedArchive, article
from test_replicas import QUICK, until

from bot import archivefiles, sharing
from bot.errors import StorageError
from bot.library import Library
from bot.reindexing import Ending, Order, Reindexing
from bot.replicas import Replica, new_name
from bot.sharing import SharedArchives
from bot.storage import Storage
from bot.storage.leases import NOTICES, LeaseStore
from bot.turns import AlreadyRunningError
from index.errors import ArchiveError

EDITOR = 7


def library(*numbers):
    return Library(ScriptedArchive([article(number) for number in numbers]))


class Desk:
    """A replica that can build: of the articles in ``there``, which is what every replica has on its disk."""

    def __init__(self, place, there, files=None, folder=None):
        self.place, self.there = place, there
        self.files, self.folder = files, folder
        self.library = library(1)
        self.swapped_at, self.built, self.results = 0.0, 0, []
        self.may_build = threading.Event()
        self.may_build.set()

    async def start(self):
        self.storage = await Storage.open(self.place)
        leases = LeaseStore(self.storage.database, QUICK)
        name = new_name()
        self.replica = Replica(name, leases, self.storage.shared.line((NOTICES,)), "v1")
        self.reindexing = Reindexing(self.build, lambda: self.library, self.install)
        self.archives = SharedArchives(
            self.storage.shared.archives, leases, self.replica,
            current=lambda: self.library, before=lambda: self.reindexing.library_before,
            rebuild=lambda: asyncio.to_thread(lambda: Library(self.build(None))), adopt=self.reindexing.adopt,
            catch_up=self.catches_up, files=self.files, folder=self.folder or Path(),
        )  # fmt: skip
        self.reindexing.others = self.archives
        self.living = asyncio.create_task(self.replica.run())
        await self.replica.joined()
        return self

    def build(self, _):
        self.may_build.wait(10)
        self.built += 1
        return ScriptedArchive([article(number) for number in self.there])

    def install(self, other):
        self.library, self.swapped_at = other, time.monotonic()

    async def catches_up(self):
        pass

    def order(self, **more):
        async def finish(result):
            self.results.append(result)

        return Order(EDITOR, finish, **more)

    @property
    def numbers(self):
        return [int(each.id.removeprefix("berita-")) for each in self.library.archive.articles]

    async def ends(self):
        self.may_build.set()
        self.living.cancel()
        await asyncio.gather(self.living, return_exceptions=True)
        await self.archives.stop()
        await self.replica.leave()
        await self.storage.close()


class Files:
    """Saves an archive as the numbers of its articles, in a file of some length."""

    def __init__(self, folder, form="1"):
        self.folder, self.form = folder, form
        self.fetched = []

    def saved(self, given):
        path = self.folder / "saved"
        self.folder.mkdir(exist_ok=True)
        path.write_text(" ".join(each.id.removeprefix("berita-") for each in given.archive.articles) + " " * 5000)
        return path

    def opened(self, path):
        self.fetched.append(path.name)
        try:
            return library(*map(int, path.read_text().split()))
        except ValueError as error:
            raise ArchiveError(str(error)) from error


@asynccontextmanager
async def desks(place, count=2, files=None, folder=None):
    there = [1]
    made = []
    for number in range(count):
        own = folder and folder / str(number)
        made.append(await Desk(place, there, files and files(own), own).start())
    try:
        yield (there, *made)
    finally:
        for desk in made:
            await desk.ends()


async def test_one_builds_the_others_say_who_ordered_it_and_all_swap_at_once(server_database):
    async with desks(server_database, 3) as (there, one, two, three):
        there.append(2)
        one.may_build.clear()
        one.reindexing.begin(one.order())
        await asyncio.sleep(0.1)
        two.reindexing.begin(two.order())
        await until(lambda: two.results)
        assert isinstance(two.results[0], AlreadyRunningError)
        assert two.results[0].who == EDITOR
        assert two.built == 0
        one.may_build.set()
        await until(lambda: one.numbers == two.numbers == three.numbers == [1, 2])
        moments = [desk.swapped_at for desk in (one, two, three)]
        assert max(moments) - min(moments) < 1.0
        await one.reindexing.finished()
        assert one.results[0].ending is Ending.INSTALLED


async def test_the_archive_before_is_put_back_everywhere_without_building(server_database):
    async with desks(server_database) as (there, one, two):
        there.append(2)
        one.reindexing.begin(one.order())
        await until(lambda: one.numbers == two.numbers == [1, 2])
        built = two.built
        assert await two.reindexing.put_back(two.reindexing.before, EDITOR) is not None
        await until(lambda: one.numbers == two.numbers == [1])
        assert two.built == built
        assert one.built == 1


async def test_what_an_editor_stored_waits_for_its_turn(server_database):
    async with desks(server_database) as (there, one, two):
        one.may_build.clear()
        one.reindexing.begin(one.order())
        await asyncio.sleep(0.1)
        there.append(2)
        two.reindexing.follow(two.order())
        await asyncio.sleep(0.1)
        assert two.results == []
        one.may_build.set()
        await until(lambda: two.results)
        assert two.results[0].ending is Ending.INSTALLED
        await until(lambda: one.numbers == two.numbers == [1, 2])


async def test_one_that_builds_something_else_says_so_and_answers_from_that(server_database, caplog):
    async with desks(server_database) as (_, one, two):
        one.there, two.there = [1, 2, 3], [1, 2]  # its program leaves one out
        one.reindexing.begin(one.order())
        await until(lambda: one.numbers == [1, 2, 3] and two.numbers == [1, 2])
        assert "SEEDS_DIR or the program differs" in caplog.text


async def test_who_is_not_ready_in_time_swaps_later(server_database, monkeypatch):
    monkeypatch.setattr(sharing, "LEAST_PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(sharing, "TURN_SECONDS", 0.1)
    async with desks(server_database) as (there, one, two):
        there.append(2)
        two.may_build.clear()
        one.reindexing.begin(one.order())
        await until(lambda: one.numbers == [1, 2])
        assert two.numbers == [1]
        two.may_build.set()
        await until(lambda: two.numbers == [1, 2])


async def test_one_that_starts_later_answers_from_the_archive_that_is_in_place(server_database):
    async with desks(server_database) as (there, one, two):
        there.append(2)
        one.reindexing.begin(one.order())
        await until(lambda: one.numbers == two.numbers == [1, 2])
        late = Desk(server_database, there)
        try:
            await late.start()
            await until(lambda: late.numbers == [1, 2])
            same = Desk(server_database, there)
            same.library = library(1, 2)
            try:
                await same.start()
                await asyncio.sleep(QUICK.beat * 3)
                assert (same.built, late.built) == (0, 1)
            finally:
                await same.ends()
        finally:
            await late.ends()


async def test_an_archive_that_cannot_be_announced_is_nobodys(server_database, monkeypatch):
    async with desks(server_database) as (there, one, two):
        there.append(2)

        async def fails(_):
            raise StorageError("the disk is full")

        monkeypatch.setattr(one.storage.shared.archives, "place", fails)
        one.reindexing.begin(one.order())
        await until(lambda: one.results)
        assert isinstance(one.results[0], StorageError)
        assert (one.numbers, two.numbers) == ([1], [1])
        monkeypatch.undo()
        there.append(3)
        two.reindexing.begin(two.order())  # and nobody is kept from the next one
        await until(lambda: one.numbers == two.numbers == [1, 2, 3])


async def test_the_turn_of_a_builder_that_falls_silent_is_anothers(server_database):
    async with desks(server_database) as (there, one, two):
        there.append(2)
        one.may_build.clear()
        one.reindexing.begin(one.order())
        await asyncio.sleep(0.1)
        one.living.cancel()
        two.reindexing.follow(two.order())
        await until(lambda: two.results)
        assert two.numbers == [1, 2]
        one.may_build.set()
        await until(lambda: one.results)
        assert isinstance(one.results[0], StorageError)  # it was given up, and tells nobody what to answer from


async def test_only_one_of_those_who_put_something_in_place_at_the_same_time_does(server_database):
    async with desks(server_database, 1) as (_, one), one.archives.turn(EDITOR, waits=False):
        with pytest.raises(AlreadyRunningError):
            async with one.archives.turn(EDITOR, waits=False):
                pass


async def test_what_one_has_built_and_saved_the_others_fetch_whole(server_database, tmp_path, monkeypatch):
    monkeypatch.setattr(archivefiles, "PIECE_BYTES", 1000)
    async with desks(server_database, 3, Files, tmp_path) as (there, one, *others):
        for number in (2, 3):
            there.append(number)
            one.reindexing.begin(one.order())
            await until(lambda: all(desk.numbers == there for desk in (one, *others)))
            await one.reindexing.finished()
        assert [desk.built for desk in others] == [0, 0]
        for desk in others:
            assert desk.files.fetched == ["archive-1.shared", "archive-2.shared"]
            assert [path.name for path in desk.folder.iterdir()] == ["archive-2.shared"]
        rows = await one.storage.database.read("SELECT archive, count(*) FROM archive_pieces GROUP BY 1")
        assert rows == [(2, 6)]


async def test_one_of_another_version_builds_its_own_of_the_same_articles_and_says_so(
    server_database, tmp_path, caplog
):
    async with desks(server_database, 2, Files, tmp_path) as (there, one, two):
        two.files.form = "2"
        there.append(2)
        one.reindexing.begin(one.order())
        await until(lambda: one.numbers == two.numbers == [1, 2])
        assert (two.built, two.files.fetched) == (1, [])
        assert "another version of the program" in caplog.text


@pytest.mark.parametrize("damage", ["content = 'x'", "content = content || 'x'", None])
async def test_a_file_that_comes_damaged_is_not_used(server_database, tmp_path, monkeypatch, postgres, damage, caplog):
    async with desks(server_database, 2, Files, tmp_path) as (there, one, two):
        hold = one.storage.shared.archives.announce

        async def announce(archive):
            statement = f"UPDATE archive_pieces SET {damage}" if damage else "DELETE FROM archive_pieces"
            postgres.execute(statement, server_database)
            await hold(archive)

        monkeypatch.setattr(one.storage.shared.archives, "announce", announce)
        there.append(2)
        one.reindexing.begin(one.order())
        await until(lambda: one.numbers == two.numbers == [1, 2])
        assert (two.built, two.files.fetched) == (1, [])
        assert "building it here" in caplog.text
