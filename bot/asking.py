"""Is this message for us, and what does it ask? Plain functions on plain data."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from bot.chains import is_chain


class ChatKind(StrEnum):
    """Where a message was written; the rules differ."""

    PRIVATE = "private"
    GROUP = "group"
    TERMINAL = "terminal"


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of a message that Telegram marked; ``offset`` and ``length`` count UTF-16 code units.

    See https://core.telegram.org/bots/api#messageentity.
    """

    kind: str  # "mention", "text_mention", ...
    offset: int
    length: int
    user_id: int | None = None  # of a text_mention


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """What deciding needs of a message.

    ``text`` is its text or caption, ``None`` when it has neither. ``media`` tells a sticker or photo from a notice of
    Telegram's own ("pinned a message"), which nobody wants an answer to.
    """

    chat: ChatKind
    text: str | None
    bot_username: str
    bot_id: int
    entities: tuple[Entity, ...] = ()
    replies_to_bot: bool = False
    media: bool = False
    replied_text: str | None = None  # of the message replied to, unless that is the bot's own
    forwarded: bool = False
    from_inline: bool = False  # sent through this bot's own inline mode: its quotation, not a question


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the archive; ``by_command`` when it came with /tanya."""

    text: str
    by_command: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Check:
    """A message that somebody passes on, forwarded or pasted: to be held against the archive.

    ``by_command`` when it came with /tanya.
    """

    text: str
    by_command: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Command:
    """A command to this bot, without its slash and in lower case.

    ``addressed`` unless a group's other bots may have been meant as well.
    """

    name: str
    arguments: str = ""
    addressed: bool = field(default=True, compare=False)


@dataclass(frozen=True, slots=True)
class Empty:
    """Addressed to the bot, with no question in it: a bare ``/tanya``, a bare mention."""

    by_command: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class NotText:
    """A private message without words: a sticker, a photo without caption, a voice message."""


Request = Question | Check | Command | Empty | NotText

_LONGEST_MENTION = 64
# Beside /tanya: names that few other bots answer to. Those that the bot's own messages tell people to write are among
# them, since anonymous admins have no other way and nothing may go on being sent for want of an "@".
_OURS_ALONE = frozenset({"atur", "berhenti", "cakupan", "cari", "daerah", "hapus_data", "langganan", "privasi"})
# What Telegram itself marks as a command: https://core.telegram.org/bots/features#commands
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?!\w)")


def read(message: IncomingMessage) -> Request | None:
    """What the message asks of the bot; ``None`` when it is not for the bot, which then must stay silent."""
    if message.from_inline:
        return None
    if message.text is None or not message.text.strip():
        # In a group a sticker is part of people's own talk, even in reply to the bot.
        silent = message.chat is ChatKind.GROUP or not (message.media or message.text)
        return None if silent else NotText()
    # Before commands: one that is passed on was somebody else's.
    if message.forwarded and message.chat is ChatKind.PRIVATE:
        return Check(message.text.strip())
    text, mentioned = without_mentions(message)
    command = _COMMAND.match(text)
    if command:
        return _command(message, command, text[command.end() :], mentioned=mentioned)
    if message.chat is ChatKind.GROUP and not (mentioned or message.replies_to_bot):
        return None
    return _asked(text, message.replied_text if mentioned else None)


def without_mentions(message: IncomingMessage) -> tuple[str, bool]:
    """The message's text with every mention of this bot taken out, and whether there was one."""
    units = (message.text or "").encode("utf-16-le", "surrogatepass")  # two bytes a code unit
    kept: list[bytes] = []
    position, mentioned = 0, False
    # No user name is longer than 32; a client can mark as many and as long stretches as it likes.
    marked = (each for each in message.entities if each.kind == "text_mention" or each.length <= _LONGEST_MENTION)
    for entity in sorted(marked, key=lambda entity: entity.offset):
        start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
        name = units[start:end].decode("utf-16-le", "replace")
        by_name = entity.kind == "mention" and name.casefold() == f"@{message.bot_username}".casefold()
        by_id = entity.kind == "text_mention" and entity.user_id == message.bot_id
        if start >= position and (by_name or by_id):
            kept.append(units[position:start])
            position, mentioned = end, True
    kept.append(units[position:])
    text = b"".join(kept).decode("utf-16-le", "replace")
    return (_tidy(text) if mentioned else text.strip()), mentioned


def _command(message: IncomingMessage, command: re.Match[str], rest: str, *, mentioned: bool) -> Request | None:
    name, bot = command[1].lower(), command[2]
    # Before anything else: "/tanya@LainBot" is another bot's, whoever is mentioned or replied to.
    if bot and bot.casefold() != message.bot_username.casefold():
        return None
    arguments = _tidy(rest)
    if name == "tanya":
        return _asked(arguments, message.replied_text, by_command=True)
    addressed = bool(bot) or mentioned or message.replies_to_bot
    if message.chat is not ChatKind.GROUP or addressed:
        return Command(name, arguments)
    # "/start" may as well be meant for another bot.
    return Command(name, arguments, addressed=False) if name in _OURS_ALONE else None


def _asked(text: str, replied_text: str | None, *, by_command: bool = False) -> Question | Check | Empty:
    """The text as a question, or as a message to check; without any, the text of the message it replies to."""
    asked = text.strip() or (replied_text or "").strip()
    if not asked:
        return Empty(by_command)
    return Check(asked, by_command) if is_chain(asked) else Question(asked, by_command)


def _tidy(text: str) -> str:
    """What is left around a removed mention or command: ", apa itu ..." -> "apa itu ..."."""
    return re.sub(r"[ \t]{2,}", " ", text).strip().lstrip(",:;-").strip()
