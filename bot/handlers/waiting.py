"""Beneath an answer: "Beri tahu saya", and the question asked again for all Indonesia."""

from __future__ import annotations

from dataclasses import replace

from telegram import Message

from bot import answering, companion
from bot.choices import Verb
from bot.companion import WAITED_FOR
from bot.handlers import asking
from bot.handlers.context import Context
from bot.handlers.routing import chat_kind
from bot.handlers.sending import edit_buttons, reply_to, rows_of, thread_of
from bot.richtext import clip, sentence
from bot.shown import Inquiry
from bot.storage.waiting import Awaited

MOST_WAITS = 10  # of one chat
_QUESTION = 200


async def wait(context: Context, message: Message, _: int, arguments: tuple[str, ...]) -> str | None:
    """Keep the question, with the chat's number, until an article answers it."""
    services, answer_id = context.services, "".join(arguments[:1])
    shown = await services.shown.find(answer_id, message.chat.id)
    if shown is None or services.storage is None:
        return services.texts("chat.answer_forgotten")
    chat, thread = message.chat.id, thread_of(message)
    # Asked twice in a row it follows up on itself, and is still the same question.
    previous = None if shown.previous == shown.question else shown.previous
    awaited = Awaited(shown.id, shown.chat_hash, shown.question, previous, shown.region, chat, thread, services.now())
    began = await services.storage.waiting.add(awaited, MOST_WAITS)
    if not began:
        return services.texts("waiting.already") if began is False else services.texts("waiting.full", most=MOST_WAITS)
    question = clip(shown.question, _QUESTION)
    await edit_buttons(context.bot, message, companion.without(rows_of(message), Verb.AWAIT, answer_id))
    await reply_to(message, sentence(services.texts("waiting.kept", days=WAITED_FOR.days, question=question)))
    return None


async def ask_everywhere(context: Context, message: Message, who: int, arguments: tuple[str, ...]) -> str | None:
    """Ask again, with no region preferred; the answer shown stays as it is."""
    services, answer_id = context.services, "".join(arguments[:1])
    shown = await services.shown.find(answer_id, message.chat.id)
    if shown is None:
        return services.texts("chat.answer_forgotten")
    around = replace(await asking.frame(context, message), answer=services.shown.new_id())
    answered = await answering.again(services, Inquiry(shown.question, shown.asked_on, shown.previous), around)
    assert around.answer is not None
    answering.remember(services, answered, around.answer, message.chat.id, who)
    await edit_buttons(context.bot, message, companion.without(rows_of(message), Verb.NATIONAL, answer_id))
    await reply_to(message, answered.reply)
    answering.record(services, answered, message.chat.id, chat_kind(message))
    return None
