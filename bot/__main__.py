"""``python -m bot``: the bot on Telegram with ``BOT_TOKEN``, a chat in the terminal without."""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bot import backup, doctor, logs, migrating, settings, terminal
from bot.claim import is_taken
from bot.errors import BotError
from bot.settings import Settings
from index.errors import ArchiveError

PROBLEM = 1  # the exit code of `doctor` when it finds something to put right
UNUSABLE = 2  # the exit code for anything the operator has to put right


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, and return the exit code: 0; 1 for what `doctor` found; 2 with a sentence on standard error."""
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description="Answers Indonesian questions from an archive of local news, with cited quotations. With BOT_TOKEN "
        "set it answers on Telegram, otherwise in this terminal. Settings are environment variables: see .env.example.",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    asking = commands.add_parser("ask", help="answer one question and exit")
    asking.add_argument("question", nargs="+", help='the question, e.g. "apa itu HKSN?"')
    making = commands.add_parser(
        "backup", help="write everything that is kept into one new file", description="Works while the bot runs."
    )
    making.add_argument("file", metavar="FILE", type=Path, help="a new file, e.g. backup.tar.gz; holds secrets")
    restoring = commands.add_parser(
        "restore",
        help="put a backup in the place of what is there",
        description="The bot must not run. What was there is kept beside it, and nothing is done by halves.",
    )
    restoring.add_argument("file", metavar="FILE", type=Path, help="what `backup` wrote")
    commands.add_parser(
        "doctor",
        help="look for what is wrong, and say what to do",
        description="Changes nothing and shows no secret; works while the bot runs. Exit code 1: there is a problem.",
    )
    moving = commands.add_parser(
        "migrate-storage",
        help="move everything from one database to another",
        description="The bot must not run, and the target must be empty. The source stays as it is. Of --from and --to "
        "the one left out is DATABASE_URL.",
    )
    moving.add_argument("--from", dest="source", metavar="URL", help="e.g. sqlite:///data/bot.sqlite3")
    moving.add_argument("--to", dest="target", metavar="URL", help="e.g. postgresql://bot@localhost/bot")
    options = parser.parse_args(arguments)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console without "❝", or a broken byte, is no reason not to answer
    try:
        read = settings.read(os.environ)
        if options.command == "ask":
            return _ask(read, " ".join(options.question))
        if options.command == "backup":
            return _back_up(read, options.file)
        if options.command == "restore":
            return _restore(read, options.file)
        if options.command == "migrate-storage":
            return _migrate(read, options.source, options.target)
        if options.command == "doctor":
            return _examine(read)
        if read.bot_token is None:
            logs.set_up(_at_least_warning(read))
            terminal.chat(read)
        else:
            _telegram(read)
    except (BotError, ArchiveError) as error:
        # A webhook's address often holds the token.
        secret = logs.secret_half(os.environ.get("BOT_TOKEN", ""))
        told = logs.redacted(str(error), [secret] if secret else [])
        if options.command == "doctor":
            print(doctor.problem("settings", told, "mend that setting"))
            return PROBLEM
        print(f"error: {told}", file=sys.stderr)
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


def _back_up(read: Settings, target: Path) -> int:
    contents = backup.back_up(read, target)
    print(f"{target}: {contents.summary}; read back and whole")
    if read.hash_key:
        print("HASH_KEY is not in it: keep it with your settings")
    return 0


def _restore(read: Settings, source: Path) -> int:
    contents, kept = backup.restore(read, source)
    print(f"{source}: {contents.summary}; restored")
    for path in kept:
        print(f"kept: {path}")
    return 0


def _migrate(read: Settings, source: str | None, target: str | None) -> int:
    before, after = migrating.places(read, source, target)
    rows, kept = migrating.migrate(read, before, after)
    for table, count in rows.items():
        print(f"{table}: {count} rows")
    total = sum(rows.values())
    print(f"{total} rows copied from {before} to {after}, counted on both sides; now set DATABASE_URL to that one")
    for path in kept:
        print(f"kept: {path}")
    return 0


def _examine(read: Settings) -> int:
    from bot.telegram_check import check_telegram  # here and not above, as below

    found = []
    for finding in doctor.examine(read):
        print(finding, flush=True)
        found.append(finding)
    for finding in asyncio.run(check_telegram(read, running=is_taken(read.data_dir))):
        print(finding, flush=True)
        found.append(finding)
    return PROBLEM if any(each.level is doctor.Level.PROBLEM for each in found) else 0


def _telegram(read: Settings) -> None:
    logs.set_up(read.log_level, token=read.bot_token, secrets=read.secrets)
    # Here and not above: importing it takes longer than answering in the terminal.
    from bot import running

    with asyncio.Runner(loop_factory=_fast_loop()) as runner:
        runner.run(running.run(read))


def _fast_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The loop of uvloop where that is installed (the extra "fast"; not on Windows), otherwise asyncio's own."""
    try:
        import uvloop
    except ImportError:
        return None
    loop: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop  # untyped where uvloop is not installed
    return loop


def _at_least_warning(read: Settings) -> str:
    """In the terminal the console is the chat: only what needs attention, unless told otherwise."""
    return "WARNING" if read.log_level == "INFO" else read.log_level


if __name__ == "__main__":
    sys.exit(main())
