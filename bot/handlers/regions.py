"""/daerah and /cakupan."""

from __future__ import annotations

from dataclasses import replace

from telegram import Message, Update

from bot import coveragepicture
from bot import regions as pages
from bot.handlers.context import Context
from bot.handlers.sending import reply_to, reply_with_picture, show_instead
from bot.richtext import sentence
from index.places import Place, load_gazetteer


async def daerah(update: Update, context: Context) -> None:
    """What the archive covers; with a name after it, that region is preferred from now on."""
    message = update.effective_message
    assert message is not None  # the handler takes messages only
    services, name = context.services, context.arguments
    coverage = await services.surveys.of(services.library)
    if not name:
        chosen = pages.place_of((await services.chats.of(message.chat.id)).region)
        await reply_to(message, pages.overview(coverage, None, 1, chosen, services.texts))
        return
    places = load_gazetteer().resolve(name)
    if len(places) != 1:
        await reply_to(message, pages.which(name, places, services.texts))
    elif not await context.admins.wrote(message):
        await reply_to(message, sentence(services.texts("board.group_admin_only")))
    else:
        await _save(context, message, places[0])
        await reply_to(message, pages.settled(places[0], coverage, services.texts))


async def turn(context: Context, message: Message, _: int, arguments: tuple[str, ...]) -> str | None:
    """Another page of the list."""
    services = context.services
    province, page = (*arguments, pages.NONE, "1")[:2]
    coverage = await services.surveys.of(services.library)
    chosen = pages.place_of((await services.chats.of(message.chat.id)).region)
    number = int(page) if page.isdecimal() else 1
    await show_instead(message, pages.overview(coverage, province, number, chosen, services.texts))
    return None


async def settle(context: Context, message: Message, _: int, arguments: tuple[str, ...]) -> str | None:
    """Prefer a region, or none."""
    services = context.services
    code = arguments[0] if arguments else pages.NONE
    place = pages.place_of(code)
    if place is None and code != pages.NONE:
        return services.texts("chat.button_expired")
    await _save(context, message, place)
    coverage = await services.surveys.of(services.library)
    await show_instead(message, pages.settled(place, coverage, services.texts))
    return None


async def cakupan(update: Update, context: Context) -> None:
    """The coverage as a picture, and in words."""
    message = update.effective_message
    assert message is not None  # the handler takes messages only
    services = context.services
    coverage = await services.surveys.of(services.library)
    if not coverage.provinces:
        await reply_to(message, sentence(services.texts("coverage.empty")))
        return
    picture = await services.pictures.of(coverage, services.texts, services.today())
    caption, rest = coveragepicture.words(coverage, services.texts)
    await reply_with_picture(message, picture, caption)
    for further in rest:
        await reply_to(message, further)


async def _save(context: Context, message: Message, place: Place | None) -> None:
    chats = context.services.chats
    settings = await chats.of(message.chat.id)
    await chats.save(message.chat.id, replace(settings, region=place.code if place else None))
