"""The chat in a terminal: the same asking, answering, rendering and logging, without Telegram."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import re
import sys
from dataclasses import dataclass, field
from types import ModuleType
from typing import TextIO

from bot import about, answering, asking, checking, pages, reports
from bot.asking import ChatKind, Check, Command, IncomingMessage, Question
from bot.callbacks import AskChoice, ListSources, OpenArticle, ReadQuoted, choice, decode
from bot.conversations import Conversation
from bot.errors import StorageError
from bot.reindexing import NOBODY, Order, Outcome, Step
from bot.rendering import NO_FRAME
from bot.richtext import Button, Reply, sentence, to_plain
from bot.services import Services, open_services
from bot.settings import Settings

logger = logging.getLogger(__name__)

HERE = Conversation("terminal")
LEAVE = frozenset({"keluar", "exit", "quit"})


def chat(settings: Settings, output: TextIO = sys.stdout) -> None:
    """Answer line by line until the input ends, or /keluar, or Ctrl-C.

    Raises:
        ArchiveError: the articles cannot be used.
    """
    _line_editing()
    # One loop, run for as long as each answer takes: between answers the main thread waits for a line, so that
    # Ctrl-C and the end of input arrive there and nowhere else.
    with asyncio.Runner() as runner:
        services = runner.run(open_services(settings, without_log=_unlogged))
        talk = Talk(services, bold=_shows_bold(output))
        try:
            print(talk.opening(), file=output)
            with contextlib.suppress(EOFError, KeyboardInterrupt):
                while True:
                    line = input("\n> " if sys.stdin.isatty() else "")
                    if line.strip().lstrip("/").lower() in LEAVE:
                        break
                    if line.strip():
                        print(f"\n{runner.run(talk.turn(line))}", file=output, flush=True)
                        runner.run(services.log.written())  # while we wait for a line, nothing else runs
            print(f"\n{services.texts('terminal.goodbye')}", file=output, flush=True)
        finally:
            runner.run(_end(services))


def ask(settings: Settings, question: str, output: TextIO = sys.stdout) -> None:
    """Answer one question.

    Raises:
        ArchiveError: the articles cannot be used.
    """

    async def once() -> None:
        services = await open_services(settings, without_log=_unlogged)
        try:
            talk = Talk(services, bold=_shows_bold(output), buttons=False)
            print(await talk.answer(question), file=output, flush=True)
        finally:
            await _end(services)

    asyncio.run(once())


@dataclass(slots=True)
class Talk:
    """One person at a terminal; a number taps the button with that number."""

    services: Services
    bold: bool = False
    buttons: bool = True
    _shown: Reply = field(default_factory=lambda: Reply(()))

    def opening(self) -> str:
        """The first lines: what this is, and how to put it on Telegram."""
        texts = self.services.texts
        return texts("terminal.opening", count=len(self.services.library.shelf))

    async def turn(self, line: str) -> str:
        """What one line gets back."""
        text = line.strip()
        # One or two digits tap a button; "2023" may be asked about.
        if re.fullmatch("[0-9]{1,2}", text):
            buttons = dict(enumerate(self._buttons(), 1))
            button = buttons.get(int(text))
            return await self._tap(button.data) if button else self.services.texts("terminal.no_button", number=text)
        # The terminal speaks like a private chat; nobody here has a name.
        match asking.read(IncomingMessage(ChatKind.PRIVATE, text, bot_username="", bot_id=0)):
            case Question(text=question):
                return await self.answer(question)
            case Command(name=name):
                return await self._command(name)
            case Check(text=message):
                return self._show(await checking.check(self.services, message, NO_FRAME))
            case _:
                return self._show(sentence(self.services.texts("chat.how_to_ask")))

    async def answer(self, question: str) -> str:
        """The answer to a question, logged like any other."""
        try:
            answered = await answering.answer(self.services, question, HERE)
        except StorageError as error:  # of an archive that is read from a server
            logger.error("the archive cannot be read (%s)", error)
            return self.services.texts("errors.away")
        except Exception:
            logger.exception("cannot answer")
            return self.services.texts("errors.failed")
        answering.record(self.services, answered, "terminal", ChatKind.TERMINAL)
        return self._show(answered.reply)

    async def _command(self, name: str) -> str:
        services, texts = self.services, self.services.texts
        match name:
            case "mulai" | "start":
                return self._show(about.greeting(texts, len(services.library.shelf)))
            case "tolong" | "help":
                return self._show(about.help_text(texts))
            case "privasi" | "privacy":
                return self._show(about.privacy(texts, services.settings))
            case "sumber":
                return self._show(pages.source_list(services.library, 1, texts, services.today()))
            case "reindex":  # whoever sits here runs the bot
                return self._show(await self._reindex())
            case (
                "cari" | "daerah" | "cakupan" | "langganan" | "berhenti" | "hapus_data" | "atur" | "artikel" | "tambah"
                | "statistik" | "belum_terjawab"
            ):  # fmt: skip
                return self._show(sentence(texts("terminal.only_telegram")))
            case _:
                return self._show(sentence(texts("chat.unknown_command")))

    async def _reindex(self) -> Reply:
        endings: list[Outcome | Exception] = []

        async def report(step: Step) -> None:
            logger.info("reindex: %d of %d", step.done, step.total)

        async def finish(result: Outcome | Exception) -> None:
            endings.append(result)

        self.services.reindexing.begin(Order(NOBODY, finish, report))
        await self.services.reindexing.finished()
        return reports.ending(endings[0], self.services.texts)

    async def _tap(self, data: str) -> str:
        services = self.services
        match decode(data):
            case OpenArticle(key=key, page=page):
                article = services.library.article(key)
                if article is None:
                    return self._show(pages.article_gone(services.texts))
                return self._show(pages.article_page(article, page, services.texts, services.today()))
            case ReadQuoted(key=key) as quoted:
                article = services.library.article(key)
                if article is None:
                    return self._show(pages.article_gone(services.texts))
                return self._show(pages.quoted_page(article, quoted, services.texts, services.today()))
            case ListSources(page=page):
                return self._show(pages.source_list(services.library, page, services.texts, services.today()))
            case AskChoice(number=number) if question := choice(to_plain(self._shown.blocks), number):
                return await self.answer(question)
            case _:
                return services.texts("chat.button_expired")

    def _buttons(self) -> list[Button]:
        return [button for row in self._shown.rows for button in row]

    def _show(self, reply: Reply) -> str:
        self._shown = reply
        text = to_plain(reply.blocks, ansi=self.bold)
        # Numbered questions show their numbers already.
        labels = [
            f"[{number}] {button.label}"
            for number, button in enumerate(self._buttons(), 1)
            if not isinstance(decode(button.data), AskChoice)
        ]
        if not self.buttons or not self._buttons():
            return text
        hint = self.services.texts("terminal.buttons")
        return f"{text}\n\n" + "   ".join([*labels, hint])


async def _end(services: Services) -> None:
    # The terminal keeps what /privasi promises, too: it may be all that this database is ever opened by.
    await services.purge()
    await services.close()


def _shows_bold(output: TextIO) -> bool:
    # https://no-color.org is about colour; people who set it want no escape codes.
    return output.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def _line_editing() -> ModuleType | None:
    """Arrow keys and history for ``input``, where the system has them: importing is all it takes."""
    try:
        import readline
    except ImportError:
        return None
    return readline


def _unlogged(error: Exception) -> None:
    logger.warning("questions are not logged: %s", error)
