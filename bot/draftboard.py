"""An article's preview, as an editor sees and corrects it before it is stored. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from bot.choices import Verb, encode
from bot.desk import Pending
from bot.intake.drafts import Draft, Origin
from bot.intake.likeness import Twin
from bot.leafing import in_rows, leaf, turning, which_page
from bot.richtext import Block, Button, Reply, Rows, Span, clip, paragraph
from index.article import BlockKind
from index.texts import Texts

TAKE_BACK = "-"  # the reply that undoes a correction
_VALUE, _NAME, _LINE = 300, 120, 90
_FIRST = 700  # of the text
_DROPPED_SHOWN, _TWINS_SHOWN = 6, 3
PARTS_A_PAGE = 6


class Field(StrEnum):
    """What can be corrected."""

    TITLE = "title"
    OUTLET = "outlet"
    PLACE = "place"
    DATE = "date"
    URL = "url"
    TEXT = "text"


def preview(pending: Pending, likeness: Sequence[Twin], texts: Texts) -> Reply:
    """What would be stored, what would be dropped, and what the archive has that is like it."""
    draft = pending.draft
    heading = texts("draft.heading") if pending.article is None else texts("draft.heading_edit", name=pending.article)
    blocks = [paragraph(heading, bold=True)]
    blocks += [_line(pending, field, texts) for field in Field if field is not Field.TEXT]
    if draft.article.locality is not None and not draft.place_is_known:
        blocks.append(paragraph(texts("draft.place_unknown"), italic=True, spaced=False))
    kept = draft.kept
    blocks.append(paragraph(texts("draft.text", parts=len(kept), letters=sum(map(len, kept)))))
    blocks.append(Block((Span(clip(" ".join(kept), _FIRST)),), quote=True, spaced=False))
    blocks += _dropped(draft, texts)
    blocks += [paragraph(_twin(twin, texts)) for twin in likeness[:_TWINS_SHOWN]]
    blocks.append(paragraph(texts("draft.hint")))
    return Reply(tuple(blocks), _buttons(pending, texts, again=any(twin.same for twin in likeness)))


def parts_page(pending: Pending, page: int, texts: Texts) -> Reply:
    """The text part by part, each with a button that takes it out; ``page`` counts from 1 and is kept in range."""
    kept = [part for part in pending.draft.parts if part.kind is not BlockKind.FURNITURE]
    here = leaf(kept, page, PARTS_A_PAGE)
    blocks = [paragraph(texts("draft.parts"), bold=True)]
    blocks += [paragraph(f"{number}. {clip(part.text, _VALUE)}") for number, part in here.shown]
    blocks += which_page(here.number, here.last, texts)
    buttons = [
        Button(texts("draft.cut", number=number), encode(Verb.DRAFT, pending.id, "cut", part.key))
        for number, part in here.shown
    ]
    turns = turning(here.number, here.last, texts, lambda number: encode(Verb.DRAFT, pending.id, "parts", number))
    back = (Button(texts("draft.back"), encode(Verb.DRAFT, pending.id, "show")),)
    return Reply(tuple(blocks), (*in_rows(buttons, 3), *turns, back))


def page_of(pending: Pending, key: str) -> int:
    """The page of ``parts_page`` on which a part stands."""
    kept = [part.key for part in pending.draft.parts if part.kind is not BlockKind.FURNITURE]
    return kept.index(key) // PARTS_A_PAGE + 1 if key in kept else 1


def _line(pending: Pending, field: Field, texts: Texts) -> Block:
    draft, article = pending.draft, pending.draft.article
    value = {
        Field.TITLE: article.title,
        Field.OUTLET: article.outlet,
        Field.PLACE: article.locality.shown if article.locality else None,
        Field.DATE: str(article.date) if article.date else None,
        Field.URL: article.url,
    }[field]
    shown = clip(value, _VALUE) if value else texts("draft.missing")
    origin = draft.origin(field)
    if value and origin is not Origin.NOWHERE:
        stored = pending.article is not None and origin is Origin.PAGE
        source = texts("draft.origin.shelf") if stored else texts(f"draft.origin.{origin}")
        shown = texts("draft.with_origin", value=shown, origin=source)
    label = texts("draft.label", name=texts(f"draft.field.{field}").capitalize())
    return Block((Span(label, bold=True), Span(f" {shown}")), spaced=field is Field.TITLE)


def _dropped(draft: Draft, texts: Texts) -> list[Block]:
    dropped = draft.dropped
    if not dropped:
        return [paragraph(texts("draft.nothing_dropped"))]
    blocks = [paragraph(texts("draft.dropped", count=len(dropped)))]
    blocks += [paragraph(f"• {clip(each, _LINE)}", spaced=False) for each in dropped[:_DROPPED_SHOWN]]
    if len(dropped) > _DROPPED_SHOWN:
        blocks.append(paragraph(texts("draft.more", count=len(dropped) - _DROPPED_SHOWN), spaced=False))
    return blocks


def _twin(twin: Twin, texts: Texts) -> str:
    title = clip(twin.article.title, _NAME)
    if twin.same:
        return texts("draft.same", title=title, name=twin.article.id)
    return texts("draft.near", title=title, name=twin.article.id, share=round(100 * twin.share))


def _buttons(pending: Pending, texts: Texts, *, again: bool) -> Rows:
    fields = [
        Button(texts("draft.correct", name=texts(f"draft.field.{field}")), encode(Verb.DRAFT, pending.id, field))
        for field in Field
    ]
    approve = "draft.approve_edit" if pending.article else "draft.approve_again" if again else "draft.approve"
    return (
        *in_rows(fields, 2),
        (Button(texts("draft.open_parts"), encode(Verb.DRAFT, pending.id, "parts", 1)),),
        (Button(texts(approve), encode(Verb.DRAFT, pending.id, "ok")),),
        (Button(texts("draft.discard"), encode(Verb.DRAFT, pending.id, "no")),),
    )
