"""Small writes of several stores: together in one commit, each failing for itself."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from bot.errors import StorageError
from bot.storage import Storage
from bot.storage.database import Step
from bot.storage.queries import QueryRow

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ROW = QueryRow(NOW, "code", "private", "apa itu PKH?", "answered", (), 3)
NOTE = "INSERT INTO answers (chat_hash, question_message, answer_message, answered_at) VALUES (?, ?, ?, ?)"


@pytest.fixture
async def storage(tmp_path):
    storage = await Storage.open(tmp_path / "bot.sqlite3")
    yield storage
    await storage.close()


@pytest.fixture
def commits(storage, monkeypatch):
    """(how many statements, whether synced) of each commit."""
    commit, seen = storage.database.commit, []

    async def watched(steps, *, durable=False):
        seen.append((len(steps), durable))
        return await commit(steps, durable=durable)

    monkeypatch.setattr(storage.database, "commit", watched)
    return seen


async def test_what_comes_while_a_commit_is_under_way_goes_with_the_next_each_statement_once(storage, commits):
    await asyncio.gather(
        storage.queries.add(ROW),
        *(storage.queries.add_answer("code", number, number + 1, NOW) for number in range(20)),
        *(storage.queries.add(ROW) for _ in range(5)),
        storage.inbox.finish([(1, "done")], NOW, durable=False),
    )
    assert commits == [(3, False)]
    assert await storage.database.read("SELECT count(*) FROM queries") == [(6,)]
    assert await storage.queries.answer_to("code", 19) == 20


async def test_one_that_must_be_synced_takes_the_others_along(storage, commits):
    new, _ = await asyncio.gather(storage.inbox.add([{"update_id": 7}], NOW), storage.queries.add(ROW))
    assert (new, commits) == ({7}, [(2, True)])


async def test_a_table_that_fails_costs_the_others_nothing(storage, commits):
    await storage.database.write("DROP TABLE queries")
    failed, new, noted = await asyncio.gather(
        storage.queries.add(ROW),
        storage.inbox.add([{"update_id": 7}], NOW),
        storage.queries.add_answer("code", 1, 2, NOW),
        return_exceptions=True,
    )
    assert isinstance(failed, StorageError)
    assert "no such table" in str(failed)
    assert (new, noted) == ({7}, None)
    assert await storage.queries.answer_to("code", 1) == 2
    assert commits == [(3, True), (1, False), (1, True), (1, False)]


async def test_who_gives_up_waiting_takes_nobody_along(storage):
    waiting = asyncio.create_task(storage.queries.add(ROW))
    other = asyncio.create_task(storage.queries.add_answer("code", 1, 2, NOW))
    await asyncio.sleep(0)
    waiting.cancel()
    await other
    assert await storage.queries.answer_to("code", 1) == 2
    await storage.queries.add(ROW)  # and the next are written


async def test_steps_take_effect_together_or_not_at_all(storage):
    good = Step(NOTE, [("code", 1, 2, "")])
    with pytest.raises(StorageError):
        await storage.database.commit([good, Step("INSERT INTO nowhere VALUES (?)", [(1,)])], durable=True)
    assert await storage.queries.answer_to("code", 1) is None
    await storage.database.commit([good])
    assert await storage.queries.answer_to("code", 1) == 2
    assert await storage.database.read("PRAGMA synchronous") == [(1,)]  # NORMAL, also after one that failed


async def test_a_commit_right_behind_a_checkpoint_is_made(storage):
    for number in range(50):
        await asyncio.gather(storage.database.scrub(), storage.queries.add_answer("code", number, 1, NOW))
    assert await storage.database.read("SELECT count(*) FROM answers") == [(50,)]
