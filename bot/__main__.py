"""``python -m bot``: the bot on Telegram with ``BOT_TOKEN``, a chat in the terminal without."""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import sys
from collections.abc import Sequence

from bot import logs, settings, terminal
from bot.errors import BotError
from bot.settings import Settings
from index.errors import ArchiveError

UNUSABLE = 2  # the exit code for anything the operator has to put right


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, and return the exit code: 0, or 2 with a sentence on standard error."""
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description="Answers Indonesian questions from an archive of local news, with cited quotations. With BOT_TOKEN "
        "set it answers on Telegram, otherwise in this terminal. Settings are environment variables: see .env.example.",
    )
    commands = parser.add_subparsers(dest="command", metavar="ask")
    asking = commands.add_parser("ask", help="answer one question and exit")
    asking.add_argument("question", nargs="+", help='the question, e.g. "apa itu HKSN?"')
    options = parser.parse_args(arguments)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console without "❝", or a broken byte, is no reason not to answer
    try:
        read = settings.read(os.environ)
        if options.command == "ask":
            return _ask(read, " ".join(options.question))
        if read.bot_token is None:
            logs.set_up(_at_least_warning(read))
            terminal.chat(read)
        else:
            _telegram(read)
    except (BotError, ArchiveError) as error:
        # A webhook's address often holds the token.
        secret = logs.secret_half(os.environ.get("BOT_TOKEN", ""))
        print(logs.redacted(f"error: {error}", [secret] if secret else []), file=sys.stderr)
        return UNUSABLE
    except BrokenPipeError:  # the reader of our output (head, less) has seen enough
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 - keeps the interpreter's own flush quiet
    except KeyboardInterrupt:
        return 130  # the shells' code for an end by Ctrl-C
    return 0


def _ask(read: Settings, question: str) -> int:
    if not question.strip():
        print('error: found an empty question, expected one like: python -m bot ask "apa itu HKSN?"', file=sys.stderr)
        return UNUSABLE
    logs.set_up(_at_least_warning(read))
    terminal.ask(read, question)
    return 0


def _telegram(read: Settings) -> None:
    logs.set_up(read.log_level, token=read.bot_token, secrets=(read.webhook_secret, read.hash_key))
    # Here and not above: importing it takes longer than answering in the terminal.
    from bot import running

    asyncio.run(running.run(read))


def _at_least_warning(read: Settings) -> str:
    """In the terminal the console is the chat: only what needs attention, unless told otherwise."""
    return "WARNING" if read.log_level == "INFO" else read.log_level


if __name__ == "__main__":
    sys.exit(main())
