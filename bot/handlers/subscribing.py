"""/langganan and /berhenti."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from telegram import Message, Update

from bot import digestboard, hours
from bot.digestboard import FIRST_HOUR, MOST_TOPICS
from bot.handlers.context import Context
from bot.handlers.sending import reply_to, show_instead, thread_of
from bot.regions import NONE, place_of
from bot.richtext import Reply, sentence
from bot.storage import Storage
from bot.storage.chats import Digest, Topic
from index.programmes import programmes


async def langganan(update: Update, context: Context) -> None:
    """What is sent here; with a name after it, news of that region or programme is sent, too."""
    message = update.effective_message
    assert message is not None  # the handler takes messages only
    services, name = context.services, context.arguments
    if not await context.admins.wrote(message):
        await reply_to(message, sentence(services.texts("board.group_admin_only")))
        return
    if not name:
        await reply_to(message, digestboard.board(await _current(context, message), services.texts))
        return
    meant = digestboard.topic_of(name, programmes(services.surveys.lexicon()))
    if not isinstance(meant, Topic):
        await reply_to(message, digestboard.which(name, meant or (), services.texts))
        return
    digest = await _current(context, message)
    if digest is None or meant not in digest.topics:
        problem = await _save_topics(context, message, digest, (*(digest.topics if digest else ()), meant))
        if problem:
            await reply_to(message, sentence(problem))
            return
    await reply_to(message, digestboard.board(await _current(context, message), services.texts))


async def berhenti(update: Update, context: Context) -> None:
    """Nothing more is sent here."""
    message = update.effective_message
    assert message is not None  # the handler takes messages only
    texts = context.services.texts
    if not context.addressed and not await _is_sent_something(context, message.chat.id):
        return  # another bot was meant
    if not await context.admins.wrote(message):
        await reply_to(message, sentence(texts("board.group_admin_only")))
        return
    stopped = await _stopped(context, message.chat.id)
    await reply_to(message, stopped or sentence(texts("digest.nothing_to_stop")))


async def turn(context: Context, message: Message, _: int, arguments: tuple[str, ...]) -> str | None:
    """Another page of the board."""
    await _show(context, message, arguments[0] if arguments else "board")
    return None


async def want(context: Context, message: Message, _: int, arguments: tuple[str, ...]) -> str | None:
    """Want news of something."""
    return await _change(context, message, arguments, wanted=True)


async def unwant(context: Context, message: Message, _: int, arguments: tuple[str, ...]) -> str | None:
    """No longer want news of it."""
    return await _change(context, message, arguments, wanted=False)


async def _change(context: Context, message: Message, arguments: tuple[str, ...], *, wanted: bool) -> str | None:
    kind, value, page = (*arguments, "", "", "board")[:3]
    topic = Topic(kind, "" if value == NONE else value)
    known = {
        digestboard.ALL: not topic.value,
        digestboard.REGION: place_of(topic.value) is not None,
        digestboard.PROGRAMME: any(
            topic.value == each.short for each in programmes(context.services.surveys.lexicon())
        ),
    }
    if not known.get(kind):
        return context.services.texts("chat.button_expired")
    digest = await _current(context, message)
    others = tuple(each for each in (digest.topics if digest else ()) if each != topic)
    problem = await _save_topics(context, message, digest, (*others, topic) if wanted else others)
    if problem is None:
        await _show(context, message, page)
    return problem


async def set_hour(context: Context, message: Message, _: int, arguments: tuple[str, ...]) -> str | None:
    """When it is sent."""
    hour = int(arguments[0]) if arguments and arguments[0].isdecimal() else 24
    digest = await _current(context, message)
    if digest is None or hour > 23:
        return context.services.texts("chat.button_expired")
    await _save(context, replace(digest, hour=hour))
    await _show(context, message, "board")
    return None


async def set_zone(context: Context, message: Message, _: int, arguments: tuple[str, ...]) -> str | None:
    """By which clock."""
    digest = await _current(context, message)
    if digest is None or not arguments or arguments[0] not in hours.ZONES:
        return context.services.texts("chat.button_expired")
    await _save(context, replace(digest, zone=arguments[0]))
    await _show(context, message, "board")
    return None


async def stop_all(context: Context, message: Message, _: int, __: tuple[str, ...]) -> str | None:
    """Nothing more is sent here."""
    stopped = await _stopped(context, message.chat.id)
    if stopped is None:
        return context.services.texts("digest.nothing_to_stop")  # what a first tap stopped stays to be read
    await show_instead(message, stopped)
    return None


async def _is_sent_something(context: Context, chat: int) -> bool:
    storage, code = _storage(context), context.services.log.hasher(chat)
    return await storage.chats.digest(code) is not None or bool(await storage.waiting.of_chat(code))


async def _stopped(context: Context, chat: int) -> Reply | None:
    """What was stopped; ``None`` when nothing was sent here."""
    services, storage = context.services, _storage(context)
    code = services.log.hasher(chat)
    topics, waits = await storage.chats.stop_digest(code), await storage.waiting.delete_chat(code)
    await storage.database.scrub()
    if not topics and not waits:
        return None
    return sentence(services.texts("digest.stopped", topics=topics, waits=waits))


async def _show(context: Context, message: Message, page: str) -> None:
    services = context.services
    home = place_of((await services.chats.of(message.chat.id)).region)
    coverage = await services.surveys.of(services.library)
    digest = await _current(context, message)
    await show_instead(message, digestboard.page(page, digest, coverage, home, services.texts))


async def _current(context: Context, message: Message) -> Digest | None:
    return await _storage(context).chats.digest(context.services.log.hasher(message.chat.id))


async def _save_topics(
    context: Context, message: Message, digest: Digest | None, topics: Sequence[Topic]
) -> str | None:
    """Keep what is wanted; what to say when that is too much."""
    services = context.services
    if len(topics) > MOST_TOPICS:
        return services.texts("digest.too_many", most=MOST_TOPICS)
    if not topics:
        await _storage(context).chats.stop_digest(services.log.hasher(message.chat.id))
        return None
    if digest is None:
        settings, now = await services.chats.of(message.chat.id), services.now()
        region = settings.region or next((topic.value for topic in topics if topic.kind == digestboard.REGION), None)
        zone = hours.zone_of(region) if region else settings.zone
        code = services.log.hasher(message.chat.id)
        # Only what comes from now on is new to them.
        digest = Digest(code, message.chat.id, thread_of(message), FIRST_HOUR, zone, now, now)
    await _save(context, replace(digest, topics=tuple(topics)))
    return None


async def _save(context: Context, digest: Digest) -> None:
    due = hours.next_time(digest.hour, digest.zone, context.services.now())
    await _storage(context).chats.save_digest(replace(digest, due_at=due))


def _storage(context: Context) -> Storage:
    storage = context.services.storage
    assert storage is not None  # only the terminal chat goes on without, and it has no subscriptions
    return storage
