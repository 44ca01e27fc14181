"""What a chat has chosen: its region, how the bot behaves in it, and what new articles it is sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.storage.database import Database, Row
from bot.storage.moments import stamp

_DIGEST = "d.chat_hash, d.chat, d.thread, d.hour, d.zone, d.told_until, d.due_at"


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """A chat's choices; the fields' values without a row are those of a chat that never chose.

    ``region`` is a code ("35.01"); ``quiet`` is from which full hour until which, in ``zone``.
    """

    region: str | None = None
    mentions: bool = True
    quiet: tuple[int, int] | None = None
    zone: str = "WIB"
    brief: bool = True  # in a group, where others read along; a private chat is answered in full
    greeted: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """What new articles are wanted about: ``kind`` is "all", "region" or "programme"; ``value`` names which."""

    kind: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Digest:
    """A chat that is sent new articles. Only here and in ``waiting`` is a chat's number kept."""

    chat_hash: str
    chat: int
    thread: int | None
    hour: int
    zone: str
    told_until: datetime
    due_at: datetime
    topics: tuple[Topic, ...] = ()


class ChatStore:
    """The tables ``chats``, ``digests``, ``subscriptions`` and ``arrivals``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # -- settings ---------------------------------------------------------------------------------------------

    async def settings(self, chat_hash: str) -> ChatSettings:
        """A chat's choices."""
        row = await self._database.read_one(
            "SELECT region, mentions, quiet_from, quiet_until, zone, brief, greeted FROM chats WHERE chat_hash = ?",
            chat_hash,
        )
        if row is None:
            return ChatSettings()
        region, mentions, begin, end, zone, brief, greeted = row
        quiet = None if begin is None or end is None else (begin, end)
        return ChatSettings(region, bool(mentions), quiet, zone, bool(brief), bool(greeted))

    async def save(self, chat_hash: str, settings: ChatSettings) -> None:
        """Keep a chat's choices."""
        begin, end = settings.quiet or (None, None)
        await self._database.write(
            "INSERT INTO chats (chat_hash, region, mentions, quiet_from, quiet_until, zone, brief, greeted)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (chat_hash) DO UPDATE SET region = excluded.region,"
            " mentions = excluded.mentions, quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until,"
            " zone = excluded.zone, brief = excluded.brief, greeted = excluded.greeted",
            chat_hash,
            settings.region,
            int(settings.mentions),
            begin,
            end,
            settings.zone,
            int(settings.brief),
            int(settings.greeted),
        )

    async def move(self, old_hash: str, new_hash: str, new_chat: int) -> None:
        """Give a chat's choices and wishes to the one that it became (a group that became a supergroup)."""
        async with self._database.transaction() as transaction:
            for table in ("chats", "digests"):
                # Whatever the new one has came of being asked before this was told.
                moved = await transaction.read(f"SELECT 1 FROM {table} WHERE chat_hash = ?", old_hash)  # nosec B608 # noqa: S608 - our own names
                if moved:
                    await transaction.write(f"DELETE FROM {table} WHERE chat_hash = ?", new_hash)  # nosec B608 # noqa: S608 - our own names
            await transaction.write("UPDATE chats SET chat_hash = ? WHERE chat_hash = ?", new_hash, old_hash)
            await transaction.write(
                "INSERT INTO digests (chat_hash, chat, thread, hour, zone, told_until, due_at)"
                " SELECT ?, ?, thread, hour, zone, told_until, due_at FROM digests WHERE chat_hash = ?",
                new_hash,
                new_chat,
                old_hash,
            )
            await transaction.write("UPDATE subscriptions SET chat_hash = ? WHERE chat_hash = ?", new_hash, old_hash)
            await transaction.write("DELETE FROM digests WHERE chat_hash = ?", old_hash)

    async def forget_settings(self, chat_hash: str) -> int:
        """Delete a chat's choices; returns 1 when it had made any."""
        async with self._database.transaction() as transaction:
            chosen = await transaction.read(
                "SELECT 1 FROM chats WHERE chat_hash = ? AND (region IS NOT NULL OR mentions = 0"
                " OR quiet_from IS NOT NULL OR brief = 0 OR zone <> 'WIB')",
                chat_hash,
            )
            await transaction.write("DELETE FROM chats WHERE chat_hash = ?", chat_hash)
        return len(chosen)

    # -- digests ----------------------------------------------------------------------------------------------

    async def digest(self, chat_hash: str) -> Digest | None:
        """What a chat is sent, if anything."""
        found = await self._digests("WHERE d.chat_hash = ?", chat_hash)
        return found[0] if found else None

    async def due(self, now: datetime) -> list[Digest]:
        """The digests whose time has come, longest due first."""
        return await self._digests("WHERE d.due_at <= ? ORDER BY d.due_at, d.chat_hash", stamp(now))

    async def save_digest(self, digest: Digest) -> None:
        """Keep what a chat wants to be sent, and when."""
        async with self._database.transaction() as transaction:
            await transaction.write(
                "INSERT INTO digests (chat_hash, chat, thread, hour, zone, told_until, due_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (chat_hash) DO UPDATE SET chat = excluded.chat,"
                " thread = excluded.thread, hour = excluded.hour, zone = excluded.zone,"
                " told_until = excluded.told_until, due_at = excluded.due_at",
                digest.chat_hash,
                digest.chat,
                digest.thread,
                digest.hour,
                digest.zone,
                stamp(digest.told_until),
                stamp(digest.due_at),
            )
            await transaction.write("DELETE FROM subscriptions WHERE chat_hash = ?", digest.chat_hash)
            await transaction.write_many(
                "INSERT INTO subscriptions (chat_hash, kind, value) VALUES (?, ?, ?)",
                [(digest.chat_hash, topic.kind, topic.value) for topic in digest.topics],
            )

    async def reschedule(self, chat_hash: str, *, told_until: datetime, due_at: datetime, was_due_at: datetime) -> bool:
        """Move a digest on to its next time, on the disk; ``False`` when it was stopped or moved on meanwhile."""
        async with self._database.transaction(durable=True) as transaction:
            return bool(
                await transaction.write(
                    "UPDATE digests SET told_until = ?, due_at = ? WHERE chat_hash = ? AND due_at = ?",
                    stamp(told_until),
                    stamp(due_at),
                    chat_hash,
                    stamp(was_due_at),
                )
            )

    async def stop_digest(self, chat_hash: str) -> int:
        """Send nothing more to a chat, and forget its number; returns how many topics it had."""
        async with self._database.transaction() as transaction:
            topics = await transaction.write("DELETE FROM subscriptions WHERE chat_hash = ?", chat_hash)
            await transaction.write("DELETE FROM digests WHERE chat_hash = ?", chat_hash)
        return topics

    async def _digests(self, where: str, value: str) -> list[Digest]:
        rows = await self._database.read(f"SELECT {_DIGEST} FROM digests AS d {where}", value)  # nosec B608 # noqa: S608 - ours
        return [await self._with_topics(row) for row in rows]

    async def _with_topics(self, row: Row) -> Digest:
        chat_hash, chat, thread, hour, zone, told_until, due_at = row
        topics = await self._database.read(
            "SELECT kind, value FROM subscriptions WHERE chat_hash = ? ORDER BY kind, value", chat_hash
        )
        return Digest(
            chat_hash,
            chat,
            thread,
            hour,
            zone,
            datetime.fromisoformat(told_until),
            datetime.fromisoformat(due_at),
            tuple(Topic(kind, value) for kind, value in topics),
        )

    # -- arrivals ---------------------------------------------------------------------------------------------

    async def note_articles(self, fingerprints: Iterable[tuple[str, str]], at: datetime) -> None:
        """Note which articles (id, fingerprint) are there; those not seen before came now, others may have changed.

        One that has left keeps its coming, without a fingerprint: should it return, it has changed.
        """
        now, there = stamp(at), dict(fingerprints)
        async with self._database.transaction() as transaction:
            known = await transaction.read("SELECT article FROM arrivals")
            await transaction.write_many(
                "UPDATE arrivals SET fingerprint = '' WHERE article = ?",
                [(article,) for (article,) in known if article not in there],
            )
            await transaction.write_many(
                "INSERT INTO arrivals (article, fingerprint, came_at, changed_at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (article) DO UPDATE SET fingerprint = excluded.fingerprint,"
                " changed_at = excluded.changed_at WHERE arrivals.fingerprint <> excluded.fingerprint",
                [(article, fingerprint, now, now) for article, fingerprint in sorted(there.items())],
            )

    async def came_between(self, start: datetime, end: datetime) -> Collection[str]:
        """The articles first seen after ``start`` and no later than ``end``."""
        rows = await self._database.read(
            "SELECT article FROM arrivals WHERE came_at > ? AND came_at <= ?", stamp(start), stamp(end)
        )
        return {article for (article,) in rows}

    async def changes(self) -> dict[str, datetime]:
        """When each article came or last changed."""
        rows = await self._database.read("SELECT article, changed_at FROM arrivals")
        return {article: datetime.fromisoformat(changed_at) for article, changed_at in rows}
