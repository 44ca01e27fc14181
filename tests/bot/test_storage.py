"""What holds for every engine: transactions, order, errors of this package; and every store, method by method."""

from __future__ import annotations

import asyncio
import inspect
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest

from bot.errors import StorageError
from bot.storage import Storage
from bot.storage.broadcasts import Broadcast
from bot.storage.chats import ChatSettings, Digest, Topic
from bot.storage.drafts import Prompt, StoredDraft
from bot.storage.feedback import Rating, Shown
from bot.storage.files import ChangedMeanwhileError, StoredFile
from bot.storage.insight import Asked, LoggedRow, Opinions, Tally
from bot.storage.queries import QueryRow
from bot.storage.schema import for_postgresql, migrations, newest
from bot.storage.staff import Deed, Member, Rebuild
from bot.storage.waiting import Awaited

NOW = datetime(2026, 3, 1, 10, 30, tzinfo=UTC)
SOON, LATER, LONG_AGO = NOW + timedelta(hours=1), NOW + timedelta(days=1), NOW - timedelta(days=400)
ROW = QueryRow(NOW, "abc", "private", "apa itu PKH", "answered", ("x",), 3)
AWAITED = Awaited("w1", "abc", "syarat PKH", None, "35.01", -5, None, NOW)
DIGEST = Digest("abc", -1001234567890, 7, 8, "WIB", NOW, SOON, (Topic("all"), Topic("region", "35.01")))


# -- transactions --------------------------------------------------------------------------------------------------


async def test_a_transaction_that_fails_leaves_nothing_and_the_next_one_works(storage):
    insert = "INSERT INTO inbox (update_id, arrived_at, attempts) VALUES (?, '', 0)"

    async def failing(error):
        async with storage.database.transaction(durable=True) as transaction:
            await transaction.write(insert, 1)
            raise error

    for error in (KeyError, ValueError, asyncio.CancelledError):
        with pytest.raises(error):
            await failing(error)
    with pytest.raises(StorageError, match=r"UNIQUE|unique"):
        async with storage.database.transaction() as transaction:
            await transaction.write_many(insert, [(2,), (2,)])
    async with storage.database.transaction() as transaction:
        assert await transaction.write_many(insert, [(3,), (4,)]) == 2
        assert await transaction.write_many(insert, []) <= 0
        assert await transaction.write("DELETE FROM inbox WHERE update_id = ?", 4) == 1
    assert await storage.database.read("SELECT update_id FROM inbox") == [(3,)]


async def test_what_is_written_one_after_the_other_is_kept_in_that_order(storage):
    await asyncio.gather(*(storage.queries.add_answer("abc", 1, number, NOW) for number in range(50)))
    assert await storage.queries.answer_to("abc", 1) == 49


async def test_a_writer_that_is_cancelled_takes_no_other_along(storage):
    writers = [asyncio.create_task(storage.inbox.add([{"update_id": number}], NOW)) for number in range(50)]
    await asyncio.sleep(0)
    for writer in writers[::2]:
        writer.cancel()
    results = await asyncio.gather(*writers, return_exceptions=True)
    assert results[1::2] == [{number} for number in range(1, 50, 2)]
    assert len(await storage.inbox.waiting()) == 50  # written together with the others by then


async def test_a_write_that_is_cancelled_leaves_the_database_usable(storage):
    for rounds in range(20):
        write = asyncio.create_task(storage.queries.add(ROW))
        await asyncio.sleep(0.0002 * rounds)
        write.cancel()
        await asyncio.gather(write, return_exceptions=True)
    await storage.queries.add(ROW)
    assert await storage.queries.delete_chat("abc") >= (1, 0)


async def test_a_question_mark_in_quotes_and_a_percent_sign_are_characters(storage):
    await storage.queries.add(ROW)
    statement = "SELECT question FROM queries WHERE question || '?' = ? AND question LIKE 'apa%' AND '%s' <> ?"
    assert await storage.database.read(statement, "apa itu PKH?", "x") == [("apa itu PKH",)]
    assert await storage.database.read("SELECT '100%', '?'") == [("100%", "?")]


async def test_text_sorts_by_its_bytes_and_keeps_what_people_write(storage):
    odd = ["Zebra", "apel", "Éa", "_", "😀 'kutip' \\ \n\t%s ?", "a" * 5000]
    for each in odd:
        await storage.chats.save(each, ChatSettings(region=each))
    found = await storage.database.read("SELECT chat_hash, region FROM chats ORDER BY chat_hash")
    assert found == [(each, each) for each in sorted(odd, key=lambda each: each.encode())]


@pytest.mark.parametrize("unwritable", ["nol \x00", "setengah \ud83d"])
async def test_text_that_cannot_be_written_is_an_error_of_this_package_or_kept(storage, unwritable):
    if "\x00" in unwritable:
        await storage.chats.save("abc", ChatSettings(region=unwritable))
        assert (await storage.chats.settings("abc")).region in (unwritable, unwritable.replace("\x00", "\ufffd"))
    else:
        with pytest.raises(StorageError):
            await storage.chats.save("abc", ChatSettings(region=unwritable))
    await storage.queries.add(ROW)
    assert await storage.inbox.add([{"update_id": 1, "text": unwritable}], NOW) == {1}
    assert (await storage.inbox.waiting())[0].update == {"update_id": 1, "text": unwritable}


async def test_an_error_tells_nothing_of_the_row(storage):
    await storage.staff.grant(Member(7, "editor", 1, NOW))
    for statement in (
        "INSERT INTO staff (person, role, granted_by, granted_at) VALUES (7, 'rahasia', 1, '')",
        "INSERT INTO inbox (update_id, arrived_at, payload, attempts) VALUES (?, ?, 'rahasia', NULL)",
        "INSERT INTO chats (chat_hash) VALUES ('rahasia'), ('rahasia')",
    ):
        with pytest.raises(StorageError) as error:
            await storage.database.write(statement, *((1, "") if "?" in statement else ()))
        assert "rahasia" not in str(error.value)
        assert error.value.__suppress_context__ or "rahasia" not in str(error.value.__cause__)


async def test_every_statement_on_a_closed_database_is_an_error_of_this_package(place):
    storage = await Storage.open(place)
    await storage.close()
    for action in (
        storage.inbox.waiting(), storage.inbox.begin(1), storage.inbox.finish([(1, "done")], NOW), storage.check(),
        storage.queries.add(ROW), storage.waiting.all(),
    ):  # fmt: skip
        with pytest.raises(StorageError):
            await action


# -- schema versions -----------------------------------------------------------------------------------------------


async def test_opening_again_changes_nothing_and_keeps_every_row(place):
    for expected in ([], [("apa itu PKH",)]):
        storage = await Storage.open(place)
        assert await storage.database.read("SELECT question FROM queries") == expected
        await storage.queries.add(ROW)
        await storage.close()


def test_both_engines_have_the_same_versions():
    assert len(migrations("postgresql")) == len(migrations("sqlite")) == newest() > 7


def test_a_script_is_rewritten_for_postgresql_and_only_where_it_must_be():
    script = "CREATE TABLE t (\n  id   INTEGER PRIMARY KEY, -- a TEXT\n  text TEXT NOT NULL, data BLOB\n) STRICT;\n"
    assert for_postgresql(script) == (
        'CREATE TABLE t (\n  id   BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, -- a TEXT COLLATE "C"\n'
        '  text TEXT COLLATE "C" NOT NULL, data BYTEA\n);\n'
    )
    assert for_postgresql(") STRICT, WITHOUT ROWID;") == ");"
    assert for_postgresql("CREATE INDEX a ON b (c);") == "CREATE INDEX a ON b (c);"


# -- the stores ----------------------------------------------------------------------------------------------------


async def queries(storage):
    store = storage.queries
    await store.add(ROW)
    await store.add(QueryRow(LONG_AGO, "abc", "group", "lama", "related", (), 5, edited=True))
    await store.add_answer("abc", 1, 2, NOW)
    await store.add_answer("abc", 1, 3, NOW)
    assert await store.answer_to("abc", 1) == 3
    assert await store.answer_to("abc", 2) is None
    assert await store.purge(queries_before=NOW - timedelta(days=90), answers_before=NOW) == 1
    await store.move("abc", "def")
    assert await store.answer_to("abc", 1) is None
    assert await store.delete_chat("abc") == (0, 0)
    assert await store.delete_chat("def") == (1, 0)


async def inbox(storage):
    store = storage.inbox
    assert await store.add([{"update_id": number} for number in (3, 1)], LONG_AGO, begun=[1]) == {1, 3}
    assert await store.add([{"update_id": number} for number in (1, 2**40)], NOW) == {2**40}
    await store.begin(1)
    await store.release(1)
    await store.finish([(3, "done"), (4, "set_aside")], LONG_AGO)
    await store.finish([(2**40, "done")], NOW, durable=False)
    assert [(each.update_id, each.update, each.attempts) for each in await store.waiting()] == [
        (1, {"update_id": 1}, 1)
    ]
    await store.forget(NOW)
    assert await storage.database.read("SELECT update_id, payload IS NULL FROM inbox ORDER BY 1") == [
        (1, False), (2**40, True)
    ]  # fmt: skip


async def chats(storage):
    store = storage.chats
    chosen = ChatSettings("35.01", mentions=False, quiet=(21, 5), zone="WITA", brief=False, greeted=True)
    assert await store.settings("abc") == ChatSettings()
    await store.save("abc", ChatSettings())
    await store.save("abc", chosen)
    assert await store.settings("abc") == chosen
    await store.save_digest(DIGEST)
    await store.save_digest(DIGEST)
    assert await store.digest("abc") == DIGEST
    assert await store.due(NOW) == []
    assert await store.due(SOON) == [DIGEST]
    assert not await store.reschedule("abc", told_until=SOON, due_at=LATER, was_due_at=NOW)
    assert await store.reschedule("abc", told_until=SOON, due_at=LATER, was_due_at=SOON)
    await store.move("abc", "def", -42)
    assert await store.digest("abc") is None
    moved = await store.digest("def")
    assert (moved.chat, moved.due_at, moved.topics) == (-42, LATER, DIGEST.topics)
    assert await store.settings("def") == chosen
    assert await store.forget_settings("abc") == 0
    assert await store.forget_settings("def") == 1
    assert await store.stop_digest("def") == 2
    assert await store.digest("def") is None
    await store.note_articles([("a", "1"), ("b", "1")], NOW)
    await store.note_articles([("a", "2"), ("c", "1")], SOON)
    assert await store.came_between(NOW, SOON) == {"c"}
    assert await store.changes() == {"a": SOON, "b": NOW, "c": SOON}


async def feedback(storage):
    store = storage.feedback
    shown = Shown("s1", "abc", "who", "syarat", date(2026, 3, 1), "answered", None, "35.01")
    await store.add(shown, NOW)
    assert await store.find("s1", "abc") == shown
    assert await store.find("s1", "other") is None
    assert await store.rate(Rating("s1", "r", good=False, reason="old"), "abc", NOW)
    assert await store.rate(Rating("s1", "r", good=False), "abc", NOW)
    assert await storage.database.read("SELECT good, reason FROM ratings") == [(0, "old")]
    assert await store.rate(Rating("s1", "r", good=True), "abc", NOW)
    assert await storage.database.read("SELECT good, reason FROM ratings") == [(1, None)]
    assert not await store.rate(Rating("s2", "r", good=True), "abc", NOW)
    await store.move("abc", "def")
    assert await store.delete_chat("abc") == 0
    assert await store.delete_chat("def") == 1
    assert await storage.database.read("SELECT * FROM ratings") == []
    await store.add(shown, NOW)
    assert await store.purge(LATER) == 1


async def waiting(storage):
    store = storage.waiting
    other = Awaited("w2", "abc", "jadwal", "bansos", None, -5, 3, SOON)
    assert await store.add(AWAITED, 2) is True
    assert await store.add(AWAITED, 2) is False
    assert await store.add(other, 2) is True
    assert await store.add(Awaited("w3", "abc", "x", None, None, -5, 3, SOON), 2) is None
    assert await store.all() == await store.of_chat("abc") == [AWAITED, other]
    assert await store.take("w1") is True
    assert await store.take("w1") is False
    await store.put_back(AWAITED)
    await store.put_back(AWAITED)
    await store.move("abc", "def", 9)
    assert [each.chat for each in await store.of_chat("def")] == [9, 9]
    assert await store.purge(SOON) == 1
    assert await store.delete_chat("def") == 1


async def staff(storage):
    store = storage.staff
    member = Member(2**45, "editor", 1, NOW)
    await store.grant(Member(2**45, "viewer", 1, LONG_AGO))
    await store.grant(member)
    assert await store.members() == [member]
    assert await store.revoke(2**45, 1, NOW)
    assert not await store.revoke(2**45, 1, NOW)
    await store.note(Deed(NOW, 1, "added", "artikel", "3"))
    assert [deed.action for deed in await store.deeds(2, 1)] == ["revoked", "granted"]
    assert await store.deeds_of("artikel") == [Deed(NOW, 1, "added", "artikel", "3")]
    assert await store.count_deeds() == 4
    rebuild = Rebuild(NOW, 1, "installed", 5, 1, 2, 3, 4, 0)
    await store.add_rebuild(rebuild)
    assert await store.rebuilds(5) == [rebuild]
    assert await store.purge(NOW) == 1
    assert await store.add_golden("g", "{}", 1, NOW)
    assert not await store.add_golden("g", "{}", 1, NOW)
    assert await store.golden() == ["{}"]
    assert await store.golden_ids() == {"g"}
    assert await store.delete_golden("g")


async def drafts(storage):
    store = storage.drafts
    for content in ("{}", '{"a": 1}'):
        await store.save(StoredDraft("d1", 7, None, content), NOW)
    assert await store.find("d1") == StoredDraft("d1", 7, None, '{"a": 1}')
    await store.ask(Prompt(-100, 5, "d1", "date"))
    await store.ask(Prompt(-100, 5, "d1", "title"))
    assert await store.prompts() == [Prompt(-100, 5, "d1", "title")]
    assert await store.delete("d1")
    assert await store.prompts() == []
    await store.save(StoredDraft("d2", 7, "artikel", "{}"), LONG_AGO)
    await store.save(StoredDraft("d3", 7, "artikel", "{}"), NOW)
    assert await store.purge(NOW) == 1
    assert await store.delete_of(7) == 1


async def broadcasts(storage):
    store = storage.broadcasts
    await storage.chats.save_digest(DIGEST)
    assert await store.subscribers() == ["abc"]
    await store.add(Broadcast("b1", 7, "halo"), NOW)
    assert await store.find("b1") == Broadcast("b1", 7, "halo")
    assert await store.begin("b1", 55, ["abc", "def"])
    assert not await store.begin("b1", 55, ["abc"])
    assert [each.total for each in await store.begun()] == [2]
    assert await store.next_target("b1") == "abc"
    assert await store.take("b1", "abc")
    assert not await store.take("b1", "abc")
    await store.count(Broadcast("b1", 7, "halo", 55, 2, 1, 1, begun=True))
    assert await store.find("b1") == Broadcast("b1", 7, "halo", 55, 2, 1, 1, begun=True)
    assert await store.delete("b1")
    assert await store.next_target("b1") is None
    for number, at in (("b2", LONG_AGO), ("b3", NOW)):
        await store.add(Broadcast(number, 7, "halo"), at)
    assert await store.purge(NOW) == 1
    assert await store.delete_unconfirmed(7) == 1


async def insight(storage):
    store = storage.insight
    for row in (ROW, QueryRow(SOON, "def", "private", "kapan cair", "not_found", (), 4), QueryRow(
        SOON, "def", "private", "kapan cair", "not_found", (), 4)):  # fmt: skip
        await storage.queries.add(row)
    await storage.feedback.add(Shown("s1", "abc", "who", "syarat", date(2026, 3, 1), "answered"), NOW)
    await storage.feedback.rate(Rating("s1", "r", good=False, reason="old"), "abc", LATER)
    hour = NOW.replace(minute=0)
    assert sorted(await store.tallies(NOW), key=lambda each: each.hour) == [
        Tally(hour, "abc", "answered", 1), Tally(hour + timedelta(hours=1), "def", "not_found", 2)
    ]  # fmt: skip
    assert await store.questions(NOW, 5) == [("kapan cair", "def"), ("apa itu PKH", "abc")]
    assert await store.opinions(NOW) == [Opinions("abc", good=False, reason="old", count=1)]
    assert await store.unanswered(NOW, 2) == [
        Asked("syarat", LATER, "abc", "bad"), Asked("kapan cair", SOON, "def", "not_found")
    ]  # fmt: skip
    exported = await store.export(NOW, 2)
    assert exported == [LoggedRow(SOON, "def", "private", "kapan cair", "not_found", "[]", 4, edited=False)] * 2
    await store.handle(["x", "y"], NOW)
    await store.handle(["x"], SOON)
    await store.unhandle(["y"])
    assert await store.handled() == {"x": SOON}
    assert await store.purge(LATER) == 1


async def files(storage):
    store = storage.files
    assert await store.newest() == 0
    assert await store.write({"hash.key": b"\x00\xff", "articles/x.txt": b"1"}, NOW, {"hash.key": None}) == 1
    assert await store.find("hash.key") == b"\x00\xff"
    assert await store.find("none") is None
    for expected in (None, b"2"):
        with pytest.raises(ChangedMeanwhileError, match=r"articles/x\.txt"):
            await store.write({"y": b""}, NOW, {"articles/x.txt": expected})
    assert await store.write({"articles/x.txt": None, "z": b""}, SOON, {"articles/x.txt": b"1"}) == 2
    assert await store.newest() == 2
    assert await store.changed_since(1) == ["articles/x.txt", "z"]
    assert await store.some(["articles/x.txt", "none"]) == [StoredFile("articles/x.txt", None, SOON)]
    digests = await store.listing()
    assert digests == {"articles/x.txt": None, "hash.key": sha256(b"\x00\xff").hexdigest(), "z": sha256().hexdigest()}
    many = {f"m{number}": str(number).encode() for number in range(250)}
    await store.write(many, NOW)
    assert {file.name: file.content for file in await store.some(many)} == many


def _noting(called, name, method):
    def noted(*given, **named):
        called.add(name)
        return method(*given, **named)

    return noted


STORES = (queries, inbox, chats, feedback, waiting, staff, drafts, broadcasts, insight, files)


@pytest.mark.parametrize("uses", STORES, ids=lambda uses: uses.__name__)
async def test_every_method_of_a_store_does_what_it_says(storage, uses, monkeypatch):
    store, called = getattr(storage, uses.__name__), set()
    if store is None:  # beside a database file there is a folder for them
        assert uses is files
        return
    public = {name for name, _ in inspect.getmembers(type(store), inspect.iscoroutinefunction) if name[0] != "_"}
    for name in public:
        monkeypatch.setattr(store, name, _noting(called, name, getattr(store, name)))
    await uses(storage)
    assert called == public


def test_no_store_is_left_out(tmp_path):
    stores = {name for name, value in vars(Storage(None)).items() if type(value).__name__.endswith("Store")}
    assert stores == {uses.__name__ for uses in STORES}
