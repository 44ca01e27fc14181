"""What a replica holds in memory and another may change: read anew, and never older than what was heard of."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.chatbook import ChatBook
from bot.errors import StorageError
from bot.privacy import ChatHasher
from bot.staff import Role, Staff
from bot.storage import Storage
from bot.storage.chats import ChatSettings

HASHER = ChatHasher(b"a key of the tests")


async def test_a_chats_choice_made_elsewhere_is_seen_when_it_was_heard_of(storage):
    here, there = ChatBook(storage.chats, HASHER), ChatBook(storage.chats, HASHER)
    assert await here.of(10) == ChatSettings()
    await there.save(10, ChatSettings(region="35.01"))
    assert (await here.of(10)).region is None
    await here.forget()
    assert (await here.of(10)).region == "35.01"


async def test_what_was_being_read_when_a_change_was_heard_of_is_not_remembered(storage, monkeypatch):
    book, read = ChatBook(storage.chats, HASHER), storage.chats.settings

    async def slow(code):
        settings = await read(code)
        await storage.chats.save(code, ChatSettings(region="35.01"))
        await book.forget()
        return settings

    monkeypatch.setattr(storage.chats, "settings", slow)
    await book.of(10)
    monkeypatch.undo()
    assert (await book.of(10)).region == "35.01"


async def test_a_role_granted_or_revoked_elsewhere_is_so_here_when_it_was_heard_of(storage):
    here, there = (Staff({7}, storage.staff, lambda: datetime.now(UTC)) for _ in range(2))
    await there.grant(5, Role.EDITOR, 7)
    assert here.role_of(5) is None
    await here.load()
    assert here.role_of(5) is Role.EDITOR
    await there.revoke(5, 7)
    await here.load()
    assert here.role_of(5) is None


async def test_a_role_revoked_while_the_database_fails_does_not_come_back_by_reading_anew(tmp_path, monkeypatch):
    storage = await Storage.open(tmp_path / "bot.sqlite3")
    staff = Staff({7}, storage.staff, lambda: datetime.now(UTC))
    await staff.grant(5, Role.EDITOR, 7)

    async def fails(*_):
        raise StorageError("the disk is full")

    monkeypatch.setattr(storage.staff, "revoke", fails)
    with pytest.raises(StorageError):
        await staff.revoke(5, 7)
    await staff.load()
    assert staff.role_of(5) is None
    monkeypatch.undo()
    await staff.grant(5, Role.VIEWER, 7)
    await staff.load()
    assert staff.role_of(5) is Role.VIEWER
    await storage.close()
