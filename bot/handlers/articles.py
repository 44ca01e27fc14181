"""/artikel: the shelf, and what editors do with an article on it."""

from __future__ import annotations

from telegram import Message, Update
from telegram.constants import ChatType

from bot import articleboard, draftboard
from bot.handlers.context import Context
from bot.handlers.drafting import make_searchable
from bot.handlers.sending import reply_to, show_instead
from bot.intake.errors import IntakeError
from bot.richtext import sentence
from bot.services import WIB
from bot.staff import Role


async def artikel(update: Update, context: Context) -> None:
    """The shelf; with words after it, the articles that have all of them in their name or title."""
    message = update.effective_message
    assert message is not None  # the handler takes messages only
    services = context.services
    if message.chat.type != ChatType.PRIVATE:
        await reply_to(message, sentence(services.texts("staff.only_private")))
        return
    words = articleboard.words_of(context.arguments)
    found = await services.newsroom.listed(services.library, words)
    await reply_to(message, articleboard.shelf(found, 1, words, services.texts))


async def tap(context: Context, message: Message, who: int, arguments: tuple[str, ...]) -> str | None:
    """A button of the shelf."""
    services = context.services
    action, argument, more = (*arguments, "", "", "")[:3]
    editor = who in services.staff.at_least(Role.EDITOR)
    if action == "list":
        words = "" if more == articleboard.NO_WORDS else more
        page = int(argument) if argument.isdecimal() else 1
        found = await services.newsroom.listed(services.library, words)
        await show_instead(message, articleboard.shelf(found, page, words, services.texts))
        return None
    name = await services.newsroom.name_of(argument, services.library)
    if name is None:
        return services.texts("sources.gone")
    try:
        if action in {"open", "past"}:
            await _look(context, message, name, editor=editor, past=action == "past")
            return None
        if not editor:
            return services.texts("staff.not_allowed")
        return await _change(context, message, who, (action, name, more))
    except IntakeError as error:
        return services.texts(error.key, **error.fields)


async def _look(context: Context, message: Message, name: str, *, editor: bool, past: bool = False) -> None:
    services = context.services
    shelved = await services.newsroom.look(name, services.library)
    if past:
        reply = articleboard.versions(shelved, services.texts, WIB, editor=editor)
    else:
        reply = articleboard.card(shelved, services.texts, editor=editor)
    await show_instead(message, reply)


async def _change(context: Context, message: Message, who: int, wanted: tuple[str, str, str]) -> str | None:
    services, newsroom = context.services, context.services.newsroom
    action, name, more = wanted
    match action:
        case "edit" if message.chat.type != ChatType.PRIVATE:  # where a correction is replied to
            return services.texts("staff.only_private")
        case "edit":
            pending = await newsroom.correct(name, who)
            await reply_to(message, draftboard.preview(pending, (), services.texts))
            return None
        case "hide":
            changed = await newsroom.hide(name, who)
        case "show":
            changed = await newsroom.restore(name, who)
        case "roll" if more.isdecimal():
            changed = await newsroom.roll_back(name, int(more), who)
        case _:
            return services.texts("chat.button_expired")
    await _look(context, message, name, editor=True)
    if not changed:
        return services.texts("article.is_so_already")
    make_searchable(context, message, who, name, hidden=action == "hide")
    return None
