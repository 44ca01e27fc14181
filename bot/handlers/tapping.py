"""Every tap on a button: whose it is, what it asks for, and an answer in any case."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from telegram import CallbackQuery, Message, Update

from bot import answering, ratings
from bot.callbacks import AskChoice, ListSources, OpenArticle, Rate, RateBecause, ReadQuoted, ShowMore, choice, decode
from bot.deeplinks import Links
from bot.handlers import asking, browsing
from bot.handlers.context import Context
from bot.handlers.sending import answer_tap, edit_buttons, rows_of, show_instead
from bot.storage.feedback import Shown


@dataclass(frozen=True, slots=True)
class _Told:
    """What a tap is answered with: see ``answer_tap``."""

    notice: str | None = None
    url: str | None = None
    loud: bool = True


async def tap(update: Update, context: Context) -> None:
    """Do what a button promises. The tap is always answered, or the button would spin until it times out."""
    query = update.callback_query
    assert query is not None  # the handler takes callback queries only
    told = _Told(context.services.texts("errors.failed"))
    try:
        told = await _do(context, query)
    finally:
        await answer_tap(query, told.notice, loud=told.loud, url=told.url)


async def _do(context: Context, query: CallbackQuery) -> _Told:
    services = context.services
    # Telegram withholds the text of old messages: their buttons work all the same, save those that refer to the text.
    message = query.message if isinstance(query.message, Message) else None
    if message is None:
        return _Told(services.texts("chat.button_expired"))
    match decode(query.data):
        case OpenArticle(key=key, page=page, turn=turn):
            return _Told(await browsing.article(context, message, key, page, turn=turn))
        case ListSources(page=page):
            await browsing.list_page(context, message, page)
            return _Told()
        case ReadQuoted() as wanted:
            return await _read(context, query, message, wanted)
        case ShowMore(answer=answer, page=page):
            return await _more(context, query, message, answer, page)
        case Rate(answer=answer, good=good):
            return await _rate(context, query, message, answer, good=good)
        case RateBecause(answer=answer, reason=reason):
            return await _rate(context, query, message, answer, good=False, reason=reason)
        case AskChoice(number=number) if text := choice(message.text or "", number):
            await asking.answer(context, message, text, asker=query.from_user.id)
            return _Told()
        case _:
            return _Told(services.texts("chat.button_expired"))


async def _read(context: Context, query: CallbackQuery, message: Message, wanted: ReadQuoted) -> _Told:
    services = context.services
    if wanted.answer is None:
        return _Told(await browsing.quoted(context, message, wanted))
    shown = await services.shown.find(wanted.answer, message.chat.id)
    if shown is None or _is_askers(context, query, message, shown):
        # One that is forgotten has nobody who could mind, and the article is there all the same.
        return _Told(await browsing.quoted(context, message, wanted))
    article = await asyncio.to_thread(services.library.article, wanted.key)
    if article is None or wanted.block >= len(article.blocks):
        return _Told(services.texts("sources.gone"))
    # Who did not ask reads it in a chat of their own, and leaves the answer to who did.
    return _Told(url=Links(context.bot.username).to(article, article.blocks[wanted.block].start))


async def _more(context: Context, query: CallbackQuery, message: Message, answer: str, page: int) -> _Told:
    services = context.services
    shown = await services.shown.find(answer, message.chat.id)
    if shown is None:
        return _Told(services.texts("chat.answer_forgotten"))
    if not _is_askers(context, query, message, shown):
        return _Told(services.texts("chat.others_answer"))
    reply = await answering.page_of(services, shown, page, await asking.frame(context, message))
    await show_instead(message, reply)
    return _Told()


async def _rate(
    context: Context, query: CallbackQuery, message: Message, answer: str, *, good: bool, reason: str | None = None
) -> _Told:
    services, texts = context.services, context.services.texts
    known = await services.shown.rate(answer, message.chat.id, query.from_user.id, good=good, reason=reason)
    if not known:
        return _Told(texts("chat.answer_forgotten"))
    rows = rows_of(message)
    why = not good and reason is None and bool(rows)  # Telegram withholds the buttons of old messages
    wanted = ratings.asking_why(rows, answer, texts) if why else ratings.asking_whether(rows, answer, texts)
    if wanted != rows:
        await edit_buttons(context.bot, message, wanted)
    return _Told(texts("feedback.why" if why else "feedback.noted" if reason else "feedback.thanks"), loud=False)


def _is_askers(context: Context, query: CallbackQuery, message: Message, shown: Shown) -> bool:
    """Whether who tapped is who asked; nobody in particular asked what was asked as a group or channel."""
    person = context.services.shown.person
    return shown.asker_hash in (person(message.chat.id, query.from_user.id), person(message.chat.id, None))
