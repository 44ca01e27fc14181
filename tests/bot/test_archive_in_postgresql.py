"""An archive whose bulk is on a real PostgreSQL server: the same answers, whatever happens to the server meanwhile."""

from __future__ import annotations

import asyncio
import logging
import random
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import CITIZEN
from hypothesis import given, settings
from hypothesis import strategies as st
from postgres_server import MISSING, programs, running
from test_end_to_end import ROOT, articles, bot, environment

from bot.apart import StoredFiles, apart
from bot.errors import SettingsError, StorageError, UnreachableError
from bot.library import Library
from bot.services import open_archive
from bot.settings import Settings, read
from bot.storage import Storage, archive_tables, reading
from bot.storage.archive_tables import ArchiveTables
from index import ranker
from index.archive import Archive
from index.bulk import ROWS, blocks
from index.bulk import articles as rows
from index.evaluation import read_cases
from index.gate import read_gate
from index.places import load_gazetteer
from index.reading import parse_article

__all__ = ["articles", "environment"]
GATE = ROOT / "tests" / "golden" / "gate.toml"
QUESTION = "apa itu HKSN?"
AWAY = "arsip sedang tidak bisa dibuka"


@pytest.fixture(scope="module")
def seeds():
    """The articles of seeds/, in memory."""
    return Archive.open(ROOT / "seeds")


@pytest.fixture
def given_settings(server_database, tmp_path):
    return Settings(database=server_database, archive_in="database", data_dir=tmp_path)


@pytest.fixture(scope="module")
def unlucky():
    """A server of this module's own, to stop and to start."""
    if programs() is None:
        pytest.skip(MISSING)
    with running() as server:
        yield server


@pytest.fixture
def at_risk(unlucky, tmp_path):
    """Settings with a new database on it."""
    unlucky.stop()
    unlucky.start()  # whatever the test before did to it
    return Settings(database=migrated(unlucky), archive_in="database", data_dir=tmp_path)


def migrated(server):
    database = server.database()

    async def migrate():
        await (await Storage.open(database)).close()

    asyncio.run(migrate())
    return database


def tables_of(postgres, settings):
    found = postgres.execute("SELECT relname FROM pg_class WHERE relname LIKE 'archive_%_articles'", settings.database)
    return {int(name.split("_")[1]) for (name,) in found}


def same(one, other, cases):
    for case in cases:
        answers = [archive.ask(case.question, case.previous) for archive in (one, other)]
        assert repr(answers[0]) == repr(answers[1]), case.question
        if hasattr(answers[0], "considered"):
            further = [archive.further(answer) for archive, answer in zip((one, other), answers, strict=True)]
            assert further[0] == further[1], case.question
    return len(cases)


# -- the same answers -------------------------------------------------------------------------------------------------


def test_golden_questions_are_answered_as_from_memory(seeds, given_settings):
    cases = [case for file in sorted(GATE.parent.glob("seeds-*.jsonl")) for case in read_cases(file)][::24]
    assert same(seeds, apart(given_settings, seeds), cases) >= 30


@pytest.mark.slow
def test_every_golden_question_of_every_set_is_answered_as_from_memory(postgres, given_settings):
    asked, folders = 0, {each.folder for each in read_gate(GATE)}
    for folder in sorted(folders):
        archive = Archive.open(ROOT / folder)
        there = apart(replace(given_settings, database=postgres.database("template_of_tests")), archive)
        files = [file for each in read_gate(GATE) if each.folder == folder for file in each.files]
        asked += same(archive, there, [case for file in files for case in read_cases(ROOT / file)])
    assert asked > 1_500


WORDS = "bantuan lansia desa pkh sosial warga diserahkan pacitan tegal 2023 beras dan yang".split()
words = st.sampled_from(WORDS)


@pytest.fixture(scope="module")
def drawn(postgres, tmp_path_factory):
    """An archive of articles drawn at random, in memory and on the server."""
    chance = random.Random(6)

    def paragraph():
        return " ".join(chance.choices(WORDS, k=chance.randint(2, 12))).capitalize() + "."

    texts = ("\n\n".join(paragraph() for _ in range(chance.randint(2, 6))) for _ in range(400))
    archive = Archive([parse_article(f"a{number:03}", text) for number, text in enumerate(texts)])
    place = postgres.database("template_of_tests")
    return archive, apart(Settings(database=place, data_dir=tmp_path_factory.mktemp("drawn")), archive)


@settings(deadline=None)
@given(
    query=st.dictionaries(words | st.just("surabaya"), st.floats(0.1, 3), min_size=1, max_size=6),
    count=st.integers(1, 40),
    share=st.sampled_from([0.0, 0.5]),
    there=st.sets(st.sampled_from(["Pacitan", "Kota Tegal", "Jawa Timur"]), max_size=2),
)
def test_passages_are_ranked_as_in_memory(drawn, query, count, share, there):
    """To the last bit and in the same order, also on the way that a large archive takes."""
    rankers = [archive._index.ranker for archive in drawn]
    places = [load_gazetteer().resolve(name)[0] for name in there]
    for most in (10**9, 0):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ranker, "_ALL", most)
            one, other = (each.rank(query, count, share=share, places=places) for each in rankers)
        assert one == other
    assert [rankers[0].idf_of(word) for word in query] == [rankers[1].idf_of(word) for word in query]


def test_the_program_itself_answers_so(environment, postgres, server_database):
    settings = {"DATABASE_URL": server_database.url, "ARCHIVE_IN": "database"}
    for _ in range(2):  # the second finds it on the server
        done = bot(environment, stdin="siapa penerima santunan?\n", **settings)
        assert "25 lansia" in done.stdout, done.stderr
        assert postgres.execute("SELECT number FROM stored_archives", server_database) == [(1,)]


# -- loading ----------------------------------------------------------------------------------------------------------


def test_of_processes_that_start_at_once_one_loads_and_the_others_take_what_it_loaded(seeds, postgres, given_settings):
    places = [replace(given_settings, data_dir=given_settings.data_dir / str(number)) for number in range(3)]
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda place: apart(place, seeds), places))
    assert tables_of(postgres, given_settings) == {1}
    assert len({repr(each.ask(QUESTION)) for each in [seeds, *found]}) == 1


def test_a_replica_takes_an_archive_that_another_loaded_without_reading_an_article(seeds, given_settings, tmp_path):
    first = StoredFiles(given_settings)
    sent = first.saved(Library(apart(given_settings, seeds)))
    other = StoredFiles(replace(given_settings, data_dir=tmp_path / "other", seeds_dir=tmp_path / "nothing"))
    assert other.form == first.form
    library = other.opened(sent)
    assert repr(library.archive.ask(QUESTION)) == repr(seeds.ask(QUESTION))
    assert [article.id for article in library.shelf] == [article.id for article in Library(seeds).shelf]
    ArchiveTables(given_settings.database).drop(archive_tables.Stored(1, ""))
    with pytest.raises(StorageError, match="no more"):
        other.opened(sent)


def test_who_numbers_words_otherwise_takes_the_numbers_of_whoever_loaded(seeds, postgres, given_settings, tmp_path):
    """A process that came to its index step by step has the same articles and other numbers."""
    other = Archive([seeds.articles[-1], *seeds.articles[:-1]])
    again = Archive([other.article(each.id) for each in seeds.articles])
    again._index.sections  # noqa: B018 - it has them
    first = apart(given_settings, seeds)
    second = apart(replace(given_settings, data_dir=tmp_path / "other"), again)
    assert tables_of(postgres, given_settings) == {1}
    assert repr(first.ask(QUESTION)) == repr(second.ask(QUESTION)) == repr(seeds.ask(QUESTION))


def test_a_load_that_is_interrupted_leaves_nothing(seeds, postgres, given_settings):
    def interrupted():
        yield from list(rows(seeds.sections))[:2]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ArchiveTables(given_settings.database).load("x", b"", ROWS, interrupted(), blocks(seeds.sections))
    assert tables_of(postgres, given_settings) == set()
    assert repr(apart(given_settings, seeds).ask(QUESTION)) == repr(seeds.ask(QUESTION))


def test_only_the_newest_archives_are_kept_and_one_that_is_read_is_not_among_those_dropped(
    seeds, postgres, given_settings
):
    # As a restored backup leaves them: tables that nothing names.
    postgres.execute(
        "CREATE TABLE archive_7_articles (); CREATE TABLE archive_7_blocks (); CREATE TABLE archive_77_articles ()",
        given_settings.database,
    )
    made = [Archive(seeds.articles[number:]) for number in range(archive_tables.KEPT + 2)]
    there = [apart(given_settings, each) for each in made]
    newest = range(len(made) - archive_tables.KEPT + 1, len(made) + 1)
    assert tables_of(postgres, given_settings) == set(newest)
    for archive, apart_from in list(zip(made, there, strict=True))[-archive_tables.KEPT :]:
        assert repr(apart_from.ask(QUESTION)) == repr(archive.ask(QUESTION))


def test_a_damaged_file_beside_the_server_is_fetched_again(seeds, given_settings, caplog):
    apart(given_settings, seeds)
    (path,) = (given_settings.data_dir / "index").glob("*.light")
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    path.write_bytes(damaged)
    assert repr(apart(given_settings, seeds).ask(QUESTION)) == repr(seeds.ask(QUESTION))
    assert "checksum" in caplog.text
    caplog.clear()
    apart(given_settings, seeds)
    assert "checksum" not in caplog.text


# -- when the server is not as it should be ---------------------------------------------------------------------------


async def test_a_citizen_is_told_that_the_archive_is_away_and_answered_once_it_is_back(stage, seeds, unlucky, at_risk):
    stage.services.library = Library(await asyncio.to_thread(apart, at_risk, seeds))
    await stage.says(QUESTION)
    assert "HKSN" in stage.sent[-1]["text"]
    unlucky.stop(signal.SIGQUIT)
    await stage.says("berapa penerima PKH?")
    assert [AWAY in call["text"] for call in stage.sent if call["chat_id"] == CITIZEN] == [False, True]
    await stage.says(QUESTION)  # what was fetched for it is still there
    assert "HKSN" in stage.sent[-1]["text"]
    unlucky.start()
    await asyncio.sleep(reading.PAUSE_SECONDS)
    await stage.says("berapa penerima PKH?")
    assert [AWAY in call["text"] for call in stage.sent if call["chat_id"] == CITIZEN] == [False, True, False, False]


def test_a_server_that_hangs_is_hung_up_on(seeds, unlucky, at_risk, monkeypatch):
    there = apart(at_risk, seeds)
    there.ask(QUESTION)
    monkeypatch.setattr(reading, "PATIENT_SECONDS", 0.0)
    unlucky.pause()
    try:
        with pytest.raises(UnreachableError):
            there.ask("berapa penerima PKH?")
    finally:
        unlucky.resume()
    monkeypatch.undo()
    assert repr(there.ask("berapa penerima PKH?")) == repr(seeds.ask("berapa penerima PKH?"))


def test_an_archive_that_is_dropped_while_it_is_read_is_an_error_and_then_loaded_again(seeds, given_settings):
    there = apart(given_settings, seeds)
    there.ask(QUESTION)
    tables = ArchiveTables(given_settings.database)
    (path,) = (given_settings.data_dir / "index").glob("*.light")
    stored = archive_tables.Stored(1, path.stem)
    tables.drop(stored)
    with pytest.raises(StorageError, match="does not exist"):
        there.ask("berapa penerima PKH?")
    again = apart(given_settings, seeds)
    assert repr(again.ask("berapa penerima PKH?")) == repr(seeds.ask("berapa penerima PKH?"))


def test_threads_that_ask_at_once_share_a_few_connections(seeds, postgres, given_settings):
    there = apart(given_settings, seeds)
    cases = read_cases(GATE.parent / "seeds-dev.jsonl")[:24]
    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(lambda case: repr(there.ask(case.question, case.previous)), cases))
    assert found == [repr(seeds.ask(case.question, case.previous)) for case in cases]
    ((taken,),) = postgres.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
        given_settings.database,
    )
    assert taken <= reading.MOST_READERS


@pytest.mark.slow
def test_a_hot_standby_is_read_from_also_while_the_server_that_it_follows_is_away(seeds, tmp_path, caplog):
    if programs() is None:
        pytest.skip(MISSING)
    with running(wal_level="replica", max_wal_senders="4") as primary:
        database = migrated(primary)
        with running(primary, wal_level="replica", max_wal_senders="4") as standby:
            name = database.url.rpartition("?")[0].rpartition("/")[2]
            settings = Settings(
                database=database, archive_in="database", archive_url=standby.server(name), data_dir=tmp_path
            )
            caplog.set_level(logging.INFO)
            there = apart(settings, seeds)  # loaded on the one, and waited for on the other
            ((follows,),) = standby.execute("SELECT pg_is_in_recovery()", settings.archive_url)
            assert follows
            primary.stop()
            cases = read_cases(GATE.parent / "seeds-dev.jsonl")
            assert same(seeds, there, cases) > 50
            primary.start()
            smaller = Archive(seeds.articles[1:])
            assert same(smaller, apart(settings, smaller), cases) > 50
            assert same(seeds, there, cases) > 50  # the one before is there still


# -- settings ---------------------------------------------------------------------------------------------------------


def test_an_archive_in_the_database_needs_a_server():
    with pytest.raises(SettingsError, match=r"ARCHIVE_IN.*DATABASE_URL"):
        read({"ARCHIVE_IN": "database"})
    with pytest.raises(SettingsError, match="memory, database"):
        read({"ARCHIVE_IN": "disk"})
    with pytest.raises(SettingsError, match="ARCHIVE_URL") as error:
        read({"ARCHIVE_URL": "sqlite:///s3cret"})
    assert "s3cret" not in str(error.value)
    found = read(
        {"ARCHIVE_IN": "Database", "DATABASE_URL": "postgresql://a/b", "ARCHIVE_URL": "postgresql://x:pw1@c/b"}
    )
    assert (found.archive_in, str(found.archive_url)) == ("database", "postgresql://c/b")
    assert "pw1" in found.secrets


def test_without_the_setting_nothing_goes_to_the_server(postgres, given_settings, tmp_path):
    plain = replace(given_settings, archive_in="memory", seeds_dir=ROOT / "seeds", data_dir=tmp_path)
    open_archive(plain).ask(QUESTION)
    assert tables_of(postgres, given_settings) == set()
    assert not list(Path(tmp_path, "index").glob("*.light"))
