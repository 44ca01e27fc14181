"""Taps on lists and boards: whose tap counts, what it changes, and what is shown then."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from telegram import Message, Update

from bot.choices import Choice, Verb, decode
from bot.errors import StorageError
from bot.handlers import (
    admin,
    articles,
    broadcasting,
    drafting,
    erasing,
    groups,
    insight,
    regions,
    searching,
    staffing,
    subscribing,
    unanswered,
    waiting,
    wording,
)
from bot.handlers.context import Context
from bot.handlers.sending import answer_tap
from bot.staff import Role

logger = logging.getLogger(__name__)

Chosen = Callable[[Context, Message, int, tuple[str, ...]], Awaitable[str | None]]
"""Does what a tap asks for, on (context, message of the button, who tapped, arguments); what to tell in a notice."""

# What anyone may tap: it changes nothing for others.
_FOR_ALL: dict[Verb, Chosen] = {
    Verb.REGIONS: regions.turn,
    Verb.AWAIT: waiting.wait,
    Verb.NATIONAL: waiting.ask_everywhere,
    Verb.SEARCH: searching.turn,
    Verb.SEARCH_EXPORT: searching.export,
}
# What chooses for the whole chat: in a group its admins'.
_FOR_ADMINS: dict[Verb, Chosen] = {
    Verb.SETTLE: regions.settle,
    Verb.DIGEST: subscribing.turn,
    Verb.TOPIC: subscribing.want,
    Verb.NO_TOPIC: subscribing.unwant,
    Verb.HOUR: subscribing.set_hour,
    Verb.ZONE: subscribing.set_zone,
    Verb.STOP: subscribing.stop_all,
    Verb.BOARD: groups.turn,
    Verb.GROUP: groups.choose,
    Verb.ERASE: erasing.decide,
}


# What looks after the bot: by role, and asked anew at each tap.
_FOR_STAFF: dict[Verb, tuple[Role, Chosen]] = {
    Verb.DRAFT: (Role.EDITOR, drafting.tap),
    Verb.ARTICLE: (Role.VIEWER, articles.tap),
    Verb.REBUILD: (Role.EDITOR, admin.tap),
    Verb.STAFF: (Role.VIEWER, staffing.tap),
    Verb.BROADCAST: (Role.OWNER, broadcasting.tap),
    Verb.STATISTICS: (Role.VIEWER, insight.period),
    Verb.STATISTICS_FILE: (Role.OWNER, insight.file),
    Verb.QUESTIONS: (Role.VIEWER, unanswered.turn),
    Verb.QUESTION: (Role.VIEWER, unanswered.look),
    Verb.DEAL: (Role.EDITOR, unanswered.deal),
    Verb.WORDS: (Role.EDITOR, wording.decide),
}


async def tap(update: Update, context: Context) -> None:
    """Do what a button promises. The tap is always answered, or the button would spin until it times out."""
    query = update.callback_query
    assert query is not None  # the handler takes callback queries only
    texts = context.services.texts
    choice = decode(query.data)
    # Telegram withholds the content of old messages: these have lost what their buttons refer to.
    message = query.message if isinstance(query.message, Message) else None
    notice: str | None = texts("errors.failed")
    try:
        if choice is None or message is None:
            notice = texts("chat.button_expired")
        else:
            notice = await _do(context, message, query.from_user.id, choice)
    except StorageError as error:
        logger.error("a choice cannot be kept (%s)", error)
        notice = texts("board.cannot_keep")
    finally:
        await answer_tap(query, notice)


async def _do(context: Context, message: Message, who: int, choice: Choice) -> str | None:
    if choice.verb in _FOR_STAFF:
        role, act = _FOR_STAFF[choice.verb]
        if who not in context.services.staff.at_least(role):
            return context.services.texts("staff.not_allowed")
        return await act(context, message, who, choice.arguments)
    action = _FOR_ALL.get(choice.verb)
    if action is None:
        if not await context.admins.is_one(context.bot, message.chat, who):
            return context.services.texts("board.not_yours")
        action = _FOR_ADMINS[choice.verb]
    return await action(context, message, who, choice.arguments)
