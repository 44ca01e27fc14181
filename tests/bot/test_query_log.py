"""What is written about a question, what is not, and what happens when it cannot be."""

from __future__ import annotations

import asyncio
import json
import stat
from datetime import UTC, datetime, timedelta

from conftest import ADMIN, CITIZEN, GROUP

from bot.errors import StorageError
from bot.privacy import ChatHasher, open_hasher
from bot.settings import Settings
from bot.storage.queries import QueryRow


async def test_a_question_is_written_down_masked_without_user_id_or_name(stage):
    await stage.says("bantuan untuk NIK 3501 2345 6789 0001, hubungi 0812-3456-7890")
    (row,) = stage.rows()
    assert row["question"] == "bantuan untuk NIK [nomor identitas], hubungi [nomor telepon]"
    assert row["status"] == "answered"
    assert row["chat_kind"] == "private"
    assert json.loads(row["articles"]) == ["berita-1", "berita-2"]
    assert row["milliseconds"] >= 0
    written = json.dumps([stage.rows(), stage.rows("answers")])
    for secret in [str(CITIZEN), "Siti", "siti_rahayu", "3501", "0812"]:
        assert secret not in written


async def test_a_groups_question_is_written_under_the_groups_code_not_the_askers(stage):
    await stage.in_group("/tanya bantuan")
    (row,) = stage.rows()
    assert row["chat_kind"] == "group"
    assert row["chat_hash"] == ChatHasher(b"a key of the tests")(GROUP)


async def test_the_log_is_written_after_the_reply(stage, monkeypatch):
    replies_when_logged = []
    add = stage.services.storage.queries.add

    async def adding(row):
        replies_when_logged.append(len(stage.sent))
        await add(row)

    monkeypatch.setattr(stage.services.storage.queries, "add", adding)
    await stage.says("bantuan")
    assert replies_when_logged == [1]


async def test_a_failing_log_costs_no_answer_and_is_told_to_the_admins_once_an_hour(stage, caplog):
    now = [0.0]
    stage.services.log._clock = lambda: now[0]
    await stage.services.storage.database.write("DROP TABLE queries")
    for _ in range(3):
        await stage.says("bantuan")
    answers = [call for call in stage.sent if call["chat_id"] == CITIZEN]
    reports = [call for call in stage.sent if call["chat_id"] == ADMIN]
    assert len(answers) == 3
    assert len(reports) == 1
    assert stage.services.log.failures == 3
    assert "no such table" in caplog.text
    now[0] = 3601
    await stage.says("bantuan")
    assert len([call for call in stage.sent if call["chat_id"] == ADMIN]) == 2


async def test_a_closed_database_costs_no_answer_and_edits_still_work(stage):
    await stage.services.storage.close()
    asked = await stage.says("bantuan")
    await stage.edits(asked, "jadwal ke bulan")
    assert len([call for call in stage.sent if call["chat_id"] == CITIZEN]) == 1
    assert len(stage.edited) == 1


async def test_a_full_disk_costs_no_answer(stage, monkeypatch):
    async def full(row):
        raise StorageError("database or disk is full")

    monkeypatch.setattr(stage.services.storage.queries, "add", full)
    await stage.says("bantuan")
    assert len([call for call in stage.sent if call["chat_id"] == CITIZEN]) == 1


async def test_a_locked_database_keeps_no_question_waiting_and_gets_them_all_in_order_once_free(stage, monkeypatch):
    free, queries = asyncio.Event(), stage.services.storage.queries
    add = queries.add

    async def waiting(row):
        await free.wait()
        await add(row)

    monkeypatch.setattr(queries, "add", waiting)
    for text in ("bantuan satu", "bantuan dua"):
        await asyncio.wait_for(stage.processes(message=stage.message(text)), 2)
    assert len(stage.sent) == 2
    assert stage.rows() == []
    free.set()
    await stage.services.log.written()
    assert [row["question"] for row in stage.rows()] == ["bantuan satu", "bantuan dua"]


async def test_a_database_that_stays_locked_neither_fills_the_memory_nor_keeps_the_program_from_ending(
    stage, monkeypatch, caplog
):
    async def never(row):
        await asyncio.Event().wait()

    monkeypatch.setattr(stage.services.storage.queries, "add", never)
    monkeypatch.setattr("bot.querylog.WRITES_WAITING", 3)
    monkeypatch.setattr("bot.querylog.LONGEST_CLOSE_SECONDS", 0.05)
    for _ in range(9):
        await stage.processes(message=stage.message("bantuan"))
    assert len(stage.sent) == 9
    assert stage.services.log.failures > 0
    await asyncio.wait_for(stage.services.log.close(), 2)
    assert "rows not written" in caplog.text


async def test_which_message_answered_which_is_forgotten_in_memory_too(stage):
    log = stage.services.log
    log.remember_answer(CITIZEN, 1, 2)
    log.remember_answer(CITIZEN, 3, 4)
    (first, (answer, at)), _ = log._answers.items()
    log._answers[first] = (answer, at - timedelta(days=3, seconds=1))
    await log.purge()
    assert [number for _, number in log._answers] == [3]


async def test_what_is_past_its_time_is_deleted_and_the_rest_kept(stage):
    queries, now = stage.services.storage.queries, datetime.now(UTC)
    for days in (89, 91):
        await queries.add(QueryRow(now - timedelta(days=days), "a", "private", f"{days} hari", "answered", (), 1))
        await queries.add_answer("a", days, days + 1, now - timedelta(days=days - 87))
    await stage.services.log.purge()
    assert [row["question"] for row in stage.rows()] == ["89 hari"]
    assert [row["question_message"] for row in stage.rows("answers")] == [89]
    assert b"91 hari" not in stage.services.settings.database.read_bytes()


def test_the_key_is_made_once_private_and_kept(tmp_path):
    settings = Settings(data_dir=tmp_path / "new")
    first = open_hasher(settings)
    assert open_hasher(settings) == first
    assert stat.S_IMODE(settings.hash_key_file.stat().st_mode) == 0o600
    assert first.key.hex() not in repr(first)


def test_rotating_the_key_makes_old_codes_unlinkable(tmp_path):
    settings = Settings(data_dir=tmp_path)
    before = open_hasher(settings)(CITIZEN)
    settings.hash_key_file.unlink()
    after = open_hasher(settings)(CITIZEN)
    chosen = open_hasher(Settings(data_dir=tmp_path, hash_key="chosen by the operator"))(CITIZEN)
    assert len({before, after, chosen}) == 3
