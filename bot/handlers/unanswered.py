"""/belum_terjawab: what stayed without a good answer, and what to do about it."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

from telegram import Message, Update
from telegram.constants import ChatType

from bot import unanswered, unansweredboard
from bot.handlers import unasked, wording
from bot.handlers.context import BotApplication, Context
from bot.handlers.sending import reply_to, show_instead, while_typing
from bot.richtext import clip, sentence
from bot.services import WIB
from bot.staff import Role
from bot.storage.waiting import Awaited
from bot.unanswered import Group, View
from bot.unansweredboard import Action
from index.answer import Answer, Found

_QUESTION = 120


async def belum_terjawab(update: Update, context: Context) -> None:
    """The questions without a good answer, from the first page."""
    message = update.effective_message
    assert message is not None  # the handler takes messages only
    if message.chat.type != ChatType.PRIVATE:
        await reply_to(message, sentence(context.services.texts("staff.only_private")))
        return
    await while_typing(message, _list(context, message, View(), instead=False))


async def turn(context: Context, message: Message, _: int, arguments: tuple[str, ...]) -> str | None:
    """Another page, order or period of the list."""
    await _list(context, message, View.read("".join(arguments[:1])), instead=True)
    return None


async def look(context: Context, message: Message, who: int, arguments: tuple[str, ...]) -> str | None:
    """One group, and what can be done about it."""
    view, code = (*arguments, "", "")[:2]
    group = await _group(context, View.read(view), code)
    if group is None:
        return context.services.texts("unanswered.gone")
    await _show(context, message, who, View.read(view), group)
    return None


async def deal(context: Context, message: Message, who: int, arguments: tuple[str, ...]) -> str | None:
    """Do something about a group."""
    texts = context.services.texts
    what, in_view, code = (*arguments, "", "", "")[:3]
    view = View.read(in_view)
    group = await _group(context, view, code)
    if group is None:
        return texts("unanswered.gone")
    question = group.wordings[0]
    match what:
        case Action.ARTICLE:
            how = texts("unanswered.how_article", question=clip(question, _QUESTION))
            await reply_to(message, sentence(how))
        case Action.WORDS:
            await wording.ask(context, message, question, code)
        case Action.GOLDEN:
            answer = await _ask(context, question)
            await reply_to(message, unansweredboard.proposed(group, view, answer, texts))
        case Action.RIGHT | Action.NONE:
            return await _keep_golden(context, who, question, right=what == Action.RIGHT)
        case Action.FORGET:
            for known in _golden_ids(group):
                await context.storage.staff.delete_golden(known)
            await _show(context, message, who, view, group)
            return texts("unanswered.golden_gone")
        case Action.TELL:
            return await _tell(context, message, who, view, group)
        case Action.DONE:
            await context.storage.insight.handle(_codes(group), context.services.now())
            await show_instead(message, unansweredboard.settled(group, view, texts))
        case Action.REOPEN:
            await context.storage.insight.unhandle(_codes(group))
            await _show(context, message, who, view, group)
        case _:
            return texts("chat.button_expired")
    return None


async def _list(context: Context, message: Message, view: View, *, instead: bool) -> None:
    services = context.services
    groups = await _groups(context, view)
    shown = unansweredboard.page_of(groups, view).shown
    answered = {group.code for _, group in shown if isinstance(await _ask(context, group.wordings[0]), Found)}
    reply = unansweredboard.listing(groups, view, answered, WIB, services.texts)
    await (show_instead if instead else reply_to)(message, reply)


async def _show(context: Context, message: Message, who: int, view: View, group: Group) -> None:
    waiting = [each for each in await context.storage.waiting.all() if await _waits_for(context, each, group)]
    answered = isinstance(await _ask(context, group.wordings[0]), Found)
    golden = not _golden_ids(group).isdisjoint(await context.storage.staff.golden_ids())
    reply = unansweredboard.detail(
        group, view, len(waiting), WIB, context.services.texts,
        answered=answered, golden=golden, may_act=who in context.services.staff.at_least(Role.EDITOR),
    )  # fmt: skip
    await show_instead(message, reply)


async def _groups(context: Context, view: View, *, all_of_them: bool = False) -> list[Group]:
    services, store = context.services, context.storage.insight
    asked = await store.unanswered(services.now() - timedelta(days=view.days), unanswered.MOST_READ)
    if not all_of_them:
        asked = unanswered.open_ones(asked, await store.handled())
    readings = await services.readings.of(services.library, [each.question for each in asked])
    return await asyncio.to_thread(unanswered.grouped, asked, readings, view.order)


async def _group(context: Context, view: View, code: str) -> Group | None:
    """The group of a button; also one that was marked as done since."""
    found = unanswered.find(await _groups(context, view), code)
    return found or unanswered.find(await _groups(context, view, all_of_them=True), code)


async def _ask(context: Context, question: str) -> Answer:
    return await asyncio.to_thread(context.services.library.archive.ask, question)


async def _waits_for(context: Context, awaited: Awaited, group: Group) -> bool:
    services = context.services
    if unanswered.code_of(awaited.question) in _codes(group):
        return True
    readings = await services.readings.of(services.library, [awaited.question])
    return unanswered.alike(group.leader, readings[awaited.question])


async def _keep_golden(context: Context, who: int, question: str, *, right: bool) -> str:
    services, texts = context.services, context.services.texts
    answer = await _ask(context, question)
    if right and not isinstance(answer, Found):
        return texts("unanswered.golden_silent")
    snippet = answer.snippets[0] if right and isinstance(answer, Found) else None
    case = unanswered.golden_case(question, snippet)
    line = json.dumps(case, ensure_ascii=False)
    kept = await context.storage.staff.add_golden(case["id"], line, who, services.now())
    return texts("unanswered.golden_kept" if kept else "unanswered.golden_known")


async def _tell(context: Context, message: Message, who: int, view: View, group: Group) -> str:
    """Tell those who asked to be told, whatever their question's answer is by now."""
    application = context.application
    assert isinstance(application, BotApplication)  # app.py builds no other
    storage = context.storage
    waiting = {each.id for each in await storage.waiting.all() if await _waits_for(context, each, group)}
    digests = unasked.looker(application)
    told = await digests.tell_now(lambda awaited: awaited.id in waiting)
    await _show(context, message, who, view, group)
    return unansweredboard.told(told, context.services.texts)


def _codes(group: Group) -> set[str]:
    return {unanswered.code_of(each.question) for each in group.asked}


def _golden_ids(group: Group) -> set[str]:
    return {unanswered.golden_id(question) for question in group.wordings}
