"""How what nobody asked for at this moment is sent, and what Telegram's refusals mean for the next time."""

from __future__ import annotations

import logging

from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError, TimedOut

from bot import digests, hours
from bot.deeplinks import Links
from bot.digests import Digests, Send, Sent
from bot.handlers import groups
from bot.handlers.context import BotApplication
from bot.handlers.sending import describe, send
from bot.richtext import Reply

logger = logging.getLogger(__name__)

# What Telegram says of a chat or topic that is no more.
_NO_MORE = ("chat not found", "topic_closed", "topic_deleted", "message thread not found", "user is deactivated")


def sender(application: BotApplication) -> Send:
    """Sends at the pace of what goes to many, and tells what became of it."""

    async def deliver(chat: int, thread: int | None, reply: Reply) -> Sent:
        await application.pacing.bulk_turn()
        try:
            settings = await application.services.chats.of(chat)
            silent = hours.is_within(settings.quiet, settings.zone, application.services.now())
            await send(application.bot, chat, reply, thread=thread, silent=silent)
        except ChatMigrated as error:
            await groups.move(application.services, chat, error.new_chat_id)
            return await deliver(error.new_chat_id, thread, reply)
        except Forbidden:
            return Sent.GONE
        except TimedOut:
            return Sent.YES  # it may have arrived, and nobody wants it twice
        except BadRequest as error:
            if thread is not None and "thread" in str(error).lower():
                return await deliver(chat, None, reply)  # the topic was deleted, the group was not
            logger.warning("cannot send unasked (%s)", describe(error))
            return Sent.GONE if any(each in str(error).lower() for each in _NO_MORE) else Sent.YES
        except TelegramError as error:
            logger.warning("cannot send unasked now (%s)", describe(error))
            return Sent.LATER
        return Sent.YES

    return deliver


def looker(application: BotApplication) -> Digests:
    """What looks for what is to be sent; the application must have been initialised, which tells the bot's name."""
    return Digests(application.services, sender(application), Links(application.bot.username))


async def upkeep(application: BotApplication) -> None:
    """Send what is due, until cancelled."""
    await digests.upkeep(looker(application))
