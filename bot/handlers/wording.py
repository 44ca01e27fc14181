"""A line for the word lists from the chat: asked for, tried on past questions, kept, and taken back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import BaseHandler

from bot import reports, wordlists, wordtrial
from bot.errors import StorageError
from bot.handlers.context import BotApplication, Context
from bot.handlers.sending import ask_for_reply, describe, reply_to, show_instead, while_typing
from bot.reindexing import Ending, Order, Outcome, Step, StoppedError
from bot.richtext import Reply, clip, sentence
from bot.services import Services
from bot.staff import Role
from bot.wordlists import Entry, WordsError
from bot.wordtrial import Change
from index.errors import WordListError

logger = logging.getLogger(__name__)

_QUESTION, _REASON = 80, 300


async def ask(context: Context, message: Message, question: str, code: str) -> None:
    """Ask an editor for a line that would help with a question."""
    texts = context.services.texts
    await ask_for_reply(message, wordtrial.request(question, code, texts), texts("words.placeholder"))


class LineHandler(BaseHandler[Update, Context, None]):
    """Takes an editor's reply to a message that asks for a line."""

    def __init__(self, application: BotApplication) -> None:
        super().__init__(replied)
        self._editors = application.services.staff.at_least(Role.EDITOR)

    def check_update(self, update: object) -> bool:
        """Whether it is one."""
        if not isinstance(update, Update) or (message := update.message) is None or message.reply_to_message is None:
            return False
        asked = message.reply_to_message
        return (
            message.chat.type == ChatType.PRIVATE
            and message.chat.id in self._editors
            and asked.from_user is not None
            and asked.from_user.id == message.get_bot().id
            and wordtrial.code_in(asked.text or "") is not None
            and bool(message.text)
            and not (message.text or "").startswith("/")
        )


async def replied(update: Update, context: Context) -> None:
    """Show what the line would change."""
    message = update.message
    assert message is not None  # the handler takes messages only
    services = context.services
    try:
        entry = wordlists.parse(message.text or "")
        wordlists.check(entry, await asyncio.to_thread(wordlists.in_use, _folders(services)))
        questions, changes = await while_typing(message, _try(services, entry))
    except WordsError as error:
        # Whoever is told what is wrong replies to that, and not to the question above it.
        asked = message.reply_to_message
        code = wordtrial.code_in((asked.text if asked else None) or "") or ""
        refusal = wordtrial.refusal(error, code, services.texts)
        await ask_for_reply(message, refusal, services.texts("words.placeholder"))
        return
    await reply_to(message, wordtrial.preview(entry, questions, changes, services.texts))


async def decide(context: Context, message: Message, who: int, arguments: tuple[str, ...]) -> str | None:
    """Keep the line that the message shows, let it be, or take it out again."""
    services, texts = context.services, context.services.texts
    await services.catch_up()
    try:
        entry = wordlists.parse(wordtrial.line_in(message.text or ""))
        match arguments[:1]:
            case (wordtrial.KEEP,):
                await _keep(services, message, who, entry)
            case (wordtrial.DROP,):
                # Kept by another tap: dropping is not undoing.
                held = wordlists.holds(services.settings.words_dir, entry)
                kept = wordtrial.outcome(entry, texts("words.in_use"), texts, removable=True)
                await show_instead(message, kept if held else sentence(texts("words.dropped")))
            case (wordtrial.REMOVE,):
                await _remove(services, message, who, entry)
            case _:
                return texts("chat.button_expired")
    except WordsError as error:
        return texts(f"words.{error.key}", **error.fields)
    except OSError as error:
        logger.error("word lists cannot be written (%s)", error.strerror)
        return texts("words.cannot_write")
    return None


async def _try(services: Services, entry: Entry) -> tuple[int, list[Change]]:
    """How many past questions were tried, and those whose answer would change."""
    assert services.storage is not None  # only the terminal chat goes on without
    since = services.now() - timedelta(days=services.settings.retention_days)
    asked = await services.storage.insight.questions(since, wordtrial.MOST_TRIED)
    questions = list(dict.fromkeys(question for question, _ in asked))
    archive = services.library.archive

    def compare() -> list[Change]:
        with wordlists.tried(services.settings.words_dir, entry) as folder:
            after = archive.reworded((services.settings.words_dir, folder))
        return wordtrial.compare(archive, after, questions)

    try:
        return len(questions), await asyncio.to_thread(compare)
    except WordListError as error:
        # Each line is right by itself, or it would not have come this far: together they never come to rest.
        raise WordsError("loop", term=entry.terms[0]) from error
    except OSError as error:
        raise WordsError("cannot_write") from error


async def _keep(services: Services, message: Message, who: int, entry: Entry) -> None:
    folder = services.settings.words_dir
    # Tapped again, or done before a crash: then it is only told again.
    if not wordlists.holds(folder, entry):
        # Once more: somebody else may have added a line since the preview.
        await asyncio.to_thread(wordlists.admit, _folders(services), entry)
        # First: what cannot be written into the trail is not done.
        await services.staff.note(who, "words", entry.typed)
        await asyncio.to_thread(wordlists.add, folder, entry, services.publish_words)
    texts = services.texts
    # Removable from now on: should the bot end before the rebuild does, this is what stays on the screen.
    working = wordtrial.outcome(entry, texts("words.kept"), texts, removable=True)
    await show_instead(message, working)

    async def told(result: Outcome | Exception) -> Reply:
        if not wordlists.holds(folder, entry):  # taken out meanwhile, by a tap or by the rebuild before
            return wordtrial.outcome(entry, texts("words.not_there"), texts, removable=False)
        if isinstance(result, Outcome) and result.ending is not Ending.REFUSED:
            return wordtrial.outcome(entry, texts("words.in_use"), texts, removable=True)
        # A line that stops every rebuild must not stay.
        await asyncio.to_thread(wordlists.remove, folder, entry, services.publish_words)
        if isinstance(result, Outcome):
            lost = ", ".join(f"“{clip(question, _QUESTION)}”" for question in result.verdict.lost[:5])
            said = texts("words.refused", questions=lost or result.verdict.problem or "?")
        else:
            said = texts("words.failed", reason=clip(str(result), _REASON))
        return wordtrial.outcome(entry, said, texts, removable=False)

    _rebuild(services, message, who, working, told)


async def _remove(services: Services, message: Message, who: int, entry: Entry) -> None:
    texts = services.texts
    if not await asyncio.to_thread(wordlists.remove, services.settings.words_dir, entry, services.publish_words):
        await show_instead(message, wordtrial.outcome(entry, texts("words.not_there"), texts, removable=False))
        return
    await services.staff.note(who, "words_removed", entry.typed)
    working = wordtrial.outcome(entry, texts("words.removed"), texts, removable=False)
    await show_instead(message, working)

    async def told(result: Outcome | Exception) -> Reply:
        if isinstance(result, Outcome) and result.ending is not Ending.REFUSED:
            return wordtrial.outcome(entry, texts("words.removed_done"), texts, removable=False)
        reason = str(result) if isinstance(result, Exception) else ", ".join(result.verdict.lost[:5])
        return wordtrial.outcome(entry, texts("reindex.failed", reason=clip(reason, _REASON)), texts, removable=False)

    _rebuild(services, message, who, working, told)


def _rebuild(
    services: Services,
    message: Message,
    who: int,
    working: Reply,
    told: Callable[[Outcome | Exception], Awaitable[Reply]],
) -> None:
    """Read the archive again; ``message`` shows ``working`` and how far that is, then what is ``told`` of its end."""

    async def report(step: Step) -> None:
        if step.done < step.total:
            told = reports.progress(step, services.texts)
            await show_instead(message, Reply((*working.blocks, *told.blocks), working.rows))

    async def finish(result: Outcome | Exception) -> None:
        if isinstance(result, StoppedError):
            return  # the next start reads the lists as they are
        try:
            await show_instead(message, await told(result))
        except StorageError as error:
            logger.error("a line that was refused stays in a word list (%s): remove it with its button", error)
        except TelegramError as error:
            logger.warning("cannot say what came of a word list (%s)", describe(error))

    services.reindexing.follow(Order(who, finish, report))


def _folders(services: Services) -> tuple[Path, ...]:
    return (services.settings.seeds_dir / "words", services.settings.words_dir)
