"""What is fuzzed: each target takes bytes, and raises when a promise is broken. Run by ``fuzz.py`` and ``sweep.py``."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import itertools
import json
import logging
import random
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bot"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import hostile

from bot import asking, callbacks, chains, choices, deeplinks, privacy, rendering, richtext, searching, wordlists
from bot.asking import ChatKind, Entity, IncomingMessage
from bot.errors import BotError
from bot.inbox import TryLaterError
from bot.intake import addresses, corrections, documents, drafts
from bot.intake.errors import IntakeError
from bot.library import Library
from index import texts as catalogue
from index.answer import Found, Related
from index.archive import Archive
from index.errors import ArticleError
from index.reading import parse_article, read_article

ROOT = Path(__file__).resolve().parents[2]
TODAY = datetime.date(2026, 3, 1)


@cache
def library() -> Library:
    return Library(Archive.open(ROOT / "seeds"))


@cache
def texts() -> catalogue.Texts:
    return catalogue.load()


def decoded(data: bytes) -> str:
    """Any bytes as text; what is not UTF-8 becomes lone surrogates."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "surrogateescape")


def ask(data: bytes) -> None:
    """A question, alone and after another, answered and written as a message."""
    question, _, previous = decoded(data[: 4 * hostile.LONGEST]).partition("\x1e")
    ask_text(question[: hostile.LONGEST], previous[: hostile.LONGEST] or None)


def ask_text(question: str, previous: str | None = None) -> None:
    """As ``ask``."""
    shelf = library()
    answer = shelf.archive.ask(question, previous, today=TODAY)
    if isinstance(answer, Found | Related):
        for snippet in answer.snippets:
            assert snippet.text == shelf.archive.article(snippet.article).body[snippet.start : snippet.end]
            assert all(0 <= start < end <= len(snippet.text) for start, end in snippet.highlights)
    frame = rendering.Frame(deeplinks.Links("ArsipBot"), "abcdefghijkl", 0, 1, private_chat=True)
    sendable(rendering.render(answer, shelf, texts(), TODAY, frame))


def sendable(reply: richtext.Reply) -> None:
    """What Telegram takes: https://core.telegram.org/bots/api#sendmessage and #inlinekeyboardbutton."""
    assert 0 < richtext.length(reply.blocks) <= richtext.MESSAGE_UNITS, richtext.length(reply.blocks)
    page = richtext.to_html(reply.blocks)
    page.encode()
    for tag in ("b", "i", "a", "blockquote"):
        assert page.count(f"<{tag}>") + page.count(f"<{tag} ") == page.count(f"</{tag}>")
    assert "\0" not in page
    richtext.to_plain(reply.blocks).encode()
    for button in itertools.chain.from_iterable(reply.rows):
        assert button.url or 0 < len(button.data.encode()) <= richtext.CALLBACK_BYTES
        assert 0 < richtext.units(button.label) <= richtext.LABEL_UNITS


def article(data: bytes) -> None:
    """An article's file."""
    path = _scratch() / "berita.txt"
    path.write_bytes(data)
    try:
        found = read_article(path)
    except ArticleError:
        return
    whole(found)


def article_text(text: str) -> None:
    """An article's text, which may hold what no file can."""
    try:
        found = parse_article("berita", text)
    except ArticleError:
        return
    whole(found)


def whole(found) -> None:
    """Blocks in order, within the text."""
    assert found.blocks
    assert found.title
    last = 0
    for block in found.blocks:
        assert last <= block.start < block.end <= len(found.body), (last, block)
        last = block.end


@cache
def _scratch() -> Path:
    return Path(tempfile.mkdtemp(prefix="fuzz"))


def message(data: bytes) -> None:
    """Which messages are for the bot: a text and its entities."""
    chance = random.Random(data[:4])
    text = decoded(data[4:])
    entities = tuple(
        Entity(each["type"], each["offset"], each["length"], 42) for each in hostile.entities(chance, text)
    )
    for kind in ChatKind:
        found = asking.read(
            IncomingMessage(kind, text, "ArsipBot", 42, entities, chance.random() < 0.5, replied_text=text[::-1])
        )
        if isinstance(found, asking.Question | asking.Check):
            assert found.text.strip()
    privacy.mask(text).encode()
    privacy.discloses(text)
    chains.is_chain(text)
    chains.asks_for_secrets(text)
    chains.told_by(text)


def markup(data: bytes) -> None:
    """Messages as data, cut and written."""
    chance = random.Random(data[:4])
    text = decoded(data[4:])
    limit = chance.choice((2, 60, 300, 4096))
    assert richtext.units(richtext.clip(text, limit)) <= limit
    parts = richtext.pieces(text, limit)
    assert all(part in text and 0 < richtext.units(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
    start, end = richtext.window(text, limit, chance.randint(0, len(text)))
    assert richtext.units(text[start:end]) <= limit
    marks = [(chance.randint(-5, len(text) + 5), chance.randint(-5, len(text) + 5)) for _ in range(20)]
    spans = richtext.emphasised(text, [(max(0, low), high) for low, high in marks])
    assert "".join(span.text for span in spans) == text
    block = richtext.Block((*spans, richtext.Span(text, italic=True)), quote=True)
    page = richtext.to_html([block, *richtext.sentence(text).blocks])
    page.encode()
    assert page.count("<b>") == page.count("</b>")
    richtext.to_plain([block], ansi=True).encode()
    if text and not any("\ud800" <= letter <= "\udfff" for letter in text):
        block = dataclasses.replace(block, spans=(*block.spans, richtext.Span(text, link=text)))
        assert richtext.to_html([block]).count("<a ") == 1


def codes(data: bytes) -> None:
    """What a button says, and what follows ``/start``."""
    text = decoded(data)
    tap = callbacks.decode(text)
    if tap is not None:
        assert len(callbacks.encode(tap).encode()) <= richtext.CALLBACK_BYTES
        assert callbacks.decode(callbacks.encode(tap)) == tap
    choices.decode(text)
    callbacks.choice(text, 1)
    deeplinks.is_link(text)
    deeplinks.follow(library(), text)
    for each in library().shelf[:1]:
        made = deeplinks.payload(each, len(text) % len(each.blocks))
        assert deeplinks.follow(library(), made).article is each


def intake(data: bytes) -> None:
    """What editors send: a document, a date, a value, an address, a line for a word list, a search."""
    try:
        found = documents.read_document(data)
        drafts.draft_of(found)
    except IntakeError:
        pass
    text = decoded(data[:8000])
    for read in (
        corrections.read_value,
        lambda each: corrections.read_date(each, TODAY),
        addresses.web_address,
        wordlists.parse,
        searching.parse,
    ):
        try:
            read(text)
        except (IntakeError, wordlists.WordsError, searching.SearchError, BotError):
            continue


class World:
    """The real application on a database of its own, with a Bot API that records."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.application = self.loop.run_until_complete(self._open())
        self.numbers = itertools.count(1)

    async def _open(self):
        from recording import RecordingRequest

        from bot.app import build
        from bot.privacy import ChatHasher
        from bot.querylog import QueryLog
        from bot.services import Services
        from bot.settings import Settings
        from bot.storage import Storage

        logging.disable(logging.CRITICAL)
        folder = _scratch()
        settings = Settings(
            bot_token="42:" + "x" * 35, admin_ids=frozenset({7}), data_dir=folder, database=folder / "bot.sqlite3",
            seeds_dir=ROOT / "seeds",
        )  # fmt: skip
        storage = await Storage.open(settings.database)
        log = QueryLog(storage.queries, ChatHasher(b"a key of the fuzzer"), 90)
        self.request = RecordingRequest()
        application = build(Services(settings, library(), log, storage), self.request)
        await application.initialize()
        return application

    def close(self) -> None:
        """Close the database, whose thread would keep the process."""
        self.loop.run_until_complete(self.application.services.close())

    def take(self, raw: dict) -> None:
        """Have an update handled: one that Telegram may send without any error."""
        self.loop.run_until_complete(self._take(raw, damaged=bool(raw.pop("damaged", False))))

    async def _take(self, raw: dict, *, damaged: bool) -> None:
        from bot.handlers import delivery

        self.request.calls.clear()
        try:
            await delivery.deliver(self.application, raw)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError, TryLaterError):
            if not damaged:  # those of a shape that Telegram does not have are set aside by the inbox
                raise
        for call in self.request.calls:
            json.dumps(call.data, default=repr).encode()
            text = call.data.get("text", "")
            text.encode()


@cache
def world() -> World:
    return World()


def update(data: bytes) -> None:
    """A whole update: JSON, or a number that one is made from."""
    try:
        raw = json.loads(data)
    except ValueError:
        raw = hostile.update(random.Random(data), 1)
    if isinstance(raw, dict):
        raw["update_id"] = next(world().numbers)
        world().take(raw)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "ask": ask, "article": article, "message": message, "markup": markup, "codes": codes,
    "intake": intake, "update": update,
}  # fmt: skip
