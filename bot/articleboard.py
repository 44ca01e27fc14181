"""The shelf as editors see it: all articles, one of them, its versions; and the last changes, to be undone. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import tzinfo

from bot.choices import Verb, encode
from bot.intake.shelf import Action
from bot.leafing import in_rows, leaf, turning, which_page
from bot.library import key_of
from bot.newsroom import Listed, Shelved
from bot.richtext import Button, Reply, clip, paragraph, sentence
from bot.storage.staff import Deed
from index.article import Article, BlockKind
from index.texts import Texts

ARTICLES_A_PAGE = 8
_VERSIONS_SHOWN, _UNDO_SHOWN = 8, 5
_NAME, _TITLE, _FIRST = 90, 300, 500
_WORDS_BYTES = 24  # of what was searched for, in a button
_MOMENT = "%d/%m/%Y %H.%M"
NO_WORDS = "-"


def shelf(articles: Sequence[Listed], page: int, words: str, texts: Texts) -> Reply:
    """One page of the articles; ``words`` are what they were searched by."""
    if not articles:
        return sentence(texts("article.none", words=words) if words else texts("article.empty"))
    here = leaf(articles, page, ARTICLES_A_PAGE)
    blocks = [paragraph(texts("article.heading", count=len(articles)), bold=True)]
    for number, article in here.shown:
        line = texts(_line_of(article), number=number, name=clip(article.title or article.id, _NAME))
        blocks.append(paragraph(line, spaced=number == here.shown[0][0]))
    blocks += [*which_page(here.number, here.last, texts), paragraph(texts("article.hint"))]
    buttons = [
        Button(texts("article.open", number=number), encode(Verb.ARTICLE, "open", key_of(article.id)))
        for number, article in here.shown
    ]
    turns = turning(here.number, here.last, texts, lambda number: _page(number, words))
    return Reply(tuple(blocks), (*in_rows(buttons, 4), *turns))


def card(shelved: Shelved, texts: Texts, *, editor: bool) -> Reply:
    """One article, and what can be done with it."""
    article, key = shelved.article, key_of(shelved.id)
    place = article.locality.shown if article.locality else texts("draft.missing")
    lines = [
        texts("article.name", name=clip(shelved.id, _NAME)),
        texts("article.cited", outlet=article.outlet or texts("draft.missing"), place=place,
              date=str(article.date) if article.date else texts("draft.missing")),
        texts(_state_of(shelved)),
        texts("article.versions_count", count=len(shelved.versions)),
    ]  # fmt: skip
    blocks = (
        paragraph(clip(article.title, _TITLE), bold=True),
        *(paragraph(line, spaced=False) for line in lines),
        paragraph(clip(_beginning(article), _FIRST)),
    )
    rows: list[tuple[Button, ...]] = []
    if editor:
        toggle = ("show", "article.restore") if shelved.hidden else ("hide", "article.hide")
        rows.append((
            Button(texts("article.edit"), encode(Verb.ARTICLE, "edit", key)),
            Button(texts(toggle[1]), encode(Verb.ARTICLE, toggle[0], key)),
        ))  # fmt: skip
    if shelved.versions:
        rows.append((Button(texts("article.versions"), encode(Verb.ARTICLE, "past", key)),))
    rows.append((Button(texts("article.back"), encode(Verb.ARTICLE, "list", 1, NO_WORDS)),))
    return Reply(blocks, tuple(rows))


def versions(shelved: Shelved, texts: Texts, zone: tzinfo, *, editor: bool) -> Reply:
    """An article's versions, newest first; the newest is the one that is in place."""
    key = key_of(shelved.id)
    newest = sorted(shelved.versions, key=lambda version: -version.number)[:_VERSIONS_SHOWN]
    lines = [
        texts(
            "article.version_now" if version is newest[0] else "article.version",
            number=version.number,
            since=f"{version.since.astimezone(zone):{_MOMENT}}",
        )
        for version in newest
    ]
    blocks = (
        paragraph(texts("article.versions_of", name=clip(shelved.id, _NAME)), bold=True),
        *(paragraph(line, spaced=False) for line in lines),
    )
    rows: list[tuple[Button, ...]] = []
    if editor:
        rows = [
            (Button(texts("article.roll_back", number=version.number),
                    encode(Verb.ARTICLE, "roll", key, version.number)),)
            for version in newest[1:]
        ]  # fmt: skip
    rows.append((Button(texts("article.back_to_card"), encode(Verb.ARTICLE, "open", key)),))
    return Reply(blocks, tuple(rows))


def undoing(deeds: Sequence[Deed], texts: Texts) -> list[Button]:
    """Buttons that undo the last change of each article."""
    buttons: dict[str, Button | None] = {}
    for deed in deeds:
        if deed.action in set(Action) and deed.subject not in buttons:
            buttons[deed.subject] = _undo(deed, texts)
    return [button for button in buttons.values() if button][:_UNDO_SHOWN]


def words_of(written: str) -> str:
    """What was searched for, as a button can carry it."""
    words = re.sub(r"[:\s]+", " ", written).strip().encode()[:_WORDS_BYTES].decode(errors="ignore")
    return words.strip()


def _line_of(article: Listed) -> str:
    if article.hidden:
        return "article.line_hidden"
    return "article.line" if article.searchable else "article.line_unread"


def _state_of(shelved: Shelved) -> str:
    if shelved.hidden:
        return "article.state_hidden"
    return "article.state_shown" if shelved.searchable else "article.state_unread"


def _beginning(article: Article) -> str:
    paragraphs = (block for block in article.blocks if block.kind is BlockKind.PARAGRAPH)
    return " ".join(article.body[block.start : block.end] for block in paragraphs)


def _undo(deed: Deed, texts: Texts) -> Button | None:
    key, name = key_of(deed.subject), clip(deed.subject, 40)
    match Action(deed.action):
        case Action.ADDED | Action.RESTORED:
            return Button(texts("article.undo_hide", name=name), encode(Verb.ARTICLE, "hide", key))
        case Action.HIDDEN:
            return Button(texts("article.undo_restore", name=name), encode(Verb.ARTICLE, "show", key))
        case Action.EDITED | Action.ROLLED_BACK:
            number = (deed.detail or "").rpartition(" ")[2]
            before = int(number) - 1 if number.isdecimal() else 0
            if before < 1:
                return None
            return Button(
                texts("article.undo_edit", name=name, number=before), encode(Verb.ARTICLE, "roll", key, before)
            )


def _page(page: int, words: str) -> str:
    return encode(Verb.ARTICLE, "list", page, words or NO_WORDS)
