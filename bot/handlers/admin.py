"""/reindex and /kembalikan: the archive read again, judged, swapped, and put back."""

from __future__ import annotations

import asyncio
import logging

from telegram import Message, Update

from bot import articleboard, reports
from bot.choices import Verb, encode
from bot.errors import StorageError
from bot.handlers.context import Context
from bot.handlers.progress import ProgressBoard
from bot.handlers.sending import reply_to, show_instead
from bot.reindexing import Order, Outcome, Step
from bot.richtext import Button, Reply, Rows, sentence
from bot.services import WIB
from bot.staff import Role
from bot.turns import AlreadyRunningError

logger = logging.getLogger(__name__)

_HISTORY_SHOWN, _DEEDS_READ = 10, 50


async def reindex(update: Update, context: Context) -> None:
    """Start a rebuild and return, so that this chat's next messages are answered meanwhile.

    "/reindex coba" changes nothing and says what would change; "/reindex riwayat" tells of the last ones.
    """
    message = update.effective_message
    assert message is not None  # the handler takes messages only
    assert message.from_user is not None  # and of editors only
    services, words = context.services, context.arguments.lower()
    if words not in {"", "coba", "riwayat"}:
        await reply_to(message, sentence(services.texts("reindex.usage")))
        return
    if words == "riwayat":
        rebuilds = await services.storage.staff.rebuilds(_HISTORY_SHOWN) if services.storage else []
        await reply_to(message, reports.history(rebuilds, services.texts, WIB))
        return
    board = ProgressBoard(context.bot, message)
    who = message.from_user.id

    async def report(step: Step) -> None:
        await board.show(reports.progress(step, services.texts))

    async def finish(result: Outcome | Exception) -> None:
        await board.show(reports.ending(result, services.texts, owner=who in services.staff.owners))

    try:
        services.reindexing.begin(Order(who, finish, report, dry=words == "coba"))
    except AlreadyRunningError as error:
        await reply_to(message, sentence(reports.running(error, services.texts)))
        return
    await board.show(sentence(services.texts("reindex.started")))


async def kembalikan(update: Update, context: Context) -> None:
    """What can be taken back: the whole archive, as it was before the last swap, and the last changes of articles."""
    message = update.effective_message
    assert message is not None  # the handler takes messages only
    services, texts = context.services, context.services.texts
    rows: list[tuple[Button, ...]] = []
    changes = await asyncio.to_thread(services.reindexing.changes_back)
    if changes is None:
        parts = [texts("reindex.no_before")]
    else:
        rows.append((Button(texts("reindex.put_back"), encode(Verb.REBUILD, "back", services.reindexing.before)),))
        parts = [texts("reindex.before"), "\n".join(reports.changes_lines(changes, texts))]
    deeds, _ = await services.staff.deeds(_DEEDS_READ)
    undoing = articleboard.undoing(deeds, texts)
    rows += [(button,) for button in undoing]
    parts.append(texts("reindex.undo" if undoing else "reindex.nothing_to_undo"))
    await reply_to(message, Reply(sentence("\n\n".join(parts)).blocks, tuple(rows)))


async def tap(context: Context, message: Message, who: int, arguments: tuple[str, ...]) -> str | None:
    """Put an archive in place that is held in memory: the one before, or for owners one that was refused.

    The button names which, so that tapping twice does it once.
    """
    services, texts = context.services, context.services.texts
    action, held = (*arguments, "", "")[:2]
    if action == "install" and who not in services.staff.at_least(Role.OWNER):
        return texts("staff.owners_only")
    if action not in {"back", "install"}:
        return texts("chat.button_expired")
    try:
        if action == "back":
            outcome = await services.reindexing.put_back(held, who)
        else:
            outcome = await services.reindexing.install_held(held, who)
    except AlreadyRunningError as error:
        return reports.running(error, texts)
    except StorageError as error:
        logger.error("an archive is not put in place: the others cannot be told (%s)", error)
        return texts("reindex.others_unreachable")
    if outcome is None:
        return texts("reindex.before_gone" if action == "back" else "reindex.not_held")
    rows: Rows = ()
    if action == "back":
        forward = encode(Verb.REBUILD, "back", services.reindexing.before)
        rows = ((Button(texts("reindex.put_forward"), forward),),)
    await show_instead(message, Reply(reports.ending(outcome, texts).blocks, rows))
    return None
