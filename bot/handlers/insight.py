"""/statistik: what was asked, as a picture and in words, and as a table."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from telegram import Message, Update
from telegram.constants import ChatType

from bot import exporting, statistics, statisticsboard, statisticspicture
from bot.handlers.context import Context
from bot.handlers.sending import reply_to, reply_with_file, reply_with_picture, show_picture_instead, while_typing
from bot.richtext import Reply, sentence
from bot.services import WIB
from bot.staff import Role
from bot.statistics import Statistics

_MOST_COUNTED = 2_000  # newest questions in which regions and topics are counted
_USUAL_DAYS = 30


async def statistik(update: Update, context: Context) -> None:
    """The figures of the last month, as a picture and in words."""
    message = update.effective_message
    assert message is not None  # the handler takes messages only
    if message.chat.type != ChatType.PRIVATE:
        await reply_to(message, sentence(context.services.texts("staff.only_private")))
        return
    counted = await while_typing(message, _count(context, _USUAL_DAYS))
    caption = _caption(context, message.chat.id, counted, _USUAL_DAYS)
    await reply_with_picture(message, await _draw(context, counted), caption)


async def period(context: Context, message: Message, who: int, arguments: tuple[str, ...]) -> str | None:
    """The figures of another period, in place."""
    days = _days_in(arguments)
    if days is None:
        return context.services.texts("chat.button_expired")
    counted = await _count(context, days)
    await show_picture_instead(message, await _draw(context, counted), _caption(context, who, counted, days))
    return None


async def file(context: Context, message: Message, who: int, arguments: tuple[str, ...]) -> str | None:
    """The query log of a period as a table."""
    services, days = context.services, _days_in(arguments)
    if days is None:
        return services.texts("chat.button_expired")
    rows = await context.storage.insight.export(services.now() - timedelta(days=days), exporting.MOST_ROWS)
    table = await asyncio.to_thread(exporting.as_csv, rows, WIB)
    name = f"pertanyaan-{services.today():%Y-%m-%d}.csv"
    # First: what cannot be written into the trail is not handed out.
    await services.staff.note(who, "export", name, str(len(rows)))
    await reply_with_file(message, table, name, statisticsboard.file_told(len(rows), days, services.texts))
    return None


async def _count(context: Context, days: int) -> Statistics:
    services, store = context.services, context.storage.insight
    since = services.now() - timedelta(days=days)
    tallies, opinions = await store.tallies(since), await store.opinions(since)
    questions = await store.questions(since, _MOST_COUNTED)
    readings = await services.readings.of(services.library, [question for question, _ in questions])
    return statistics.count(days, services.today(), WIB, tallies, opinions, questions, readings, _MOST_COUNTED)


async def _draw(context: Context, counted: Statistics) -> bytes:
    return await asyncio.to_thread(statisticspicture.draw, counted, context.services.texts)


def _caption(context: Context, who: int, counted: Statistics, days: int) -> Reply:
    export = who in context.services.staff.at_least(Role.OWNER)
    return statisticsboard.caption(counted, days, context.services.texts, export=export)


def _days_in(arguments: tuple[str, ...]) -> int | None:
    days = "".join(arguments[:1])
    return int(days) if days in map(str, statistics.PERIODS) else None
