"""What a new line in the word lists changes, shown on past questions before it is kept. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.choices import Verb, encode
from bot.richtext import Block, Button, Reply, Span, clip, paragraph, sentence
from bot.wordlists import Entry, Kind, WordsError
from index.answer import Answer, Found, NotFound, Related
from index.texts import Texts

if TYPE_CHECKING:
    from index.archive import Archive

MOST_TRIED = 300  # past questions
KEEP, DROP, REMOVE = "simpan", "batal", "hapus"
_SHOWN, _QUESTION, _QUOTATION = 5, 120, 160
_CODE = re.compile(r"\b[kK]-([0-9a-f]{12})\b")
_READ_AS = {
    Kind.ABBREVIATION: "words.as_abbreviation",
    Kind.SPELLING: "words.as_spelling",
    Kind.SYNONYM: "words.as_synonym",
}


@dataclass(frozen=True, slots=True)
class Change:
    """A past question whose answer is another with the new line."""

    question: str
    before: Answer
    after: Answer

    @property
    def worse(self) -> bool:
        """Whether it was answered and is no longer."""
        return isinstance(self.before, Found) and not isinstance(self.after, Found)


def compare(before: Archive, after: Archive, questions: Sequence[str]) -> list[Change]:
    """The questions that two archives answer otherwise, those that get worse first. Not for the event loop."""
    changes = []
    for question in questions:
        if before.read(question) == after.read(question):
            continue  # read the same, answered the same: both hold the same articles
        change = Change(question, before.ask(question), after.ask(question))
        if _gist(change.before) != _gist(change.after):
            changes.append(change)
    return sorted(changes, key=lambda change: not change.worse)


def _gist(answer: Answer) -> tuple[str, tuple[tuple[str, int, int], ...]]:
    snippets = answer.snippets if isinstance(answer, Found) else ()
    return type(answer).__name__, tuple((each.article, each.start, each.end) for each in snippets)


def request(question: str, code: str, texts: Texts) -> Reply:
    """Asks the editor for a line; ``code`` names the group of questions that it is for."""
    return _marked(texts("words.ask", question=clip(question, _QUESTION)), code, texts)


def code_in(message: str) -> str | None:
    """The code of a message that asks for a line; ``None`` for any other message. It is known so after a restart."""
    match = _CODE.search(message.rpartition("\n")[2])
    return match[1] if match else None


def preview(entry: Entry, tried: int, changes: Sequence[Change], texts: Texts) -> Reply:
    """The line, which the first line of the message repeats, and what it would change."""
    blocks = [
        Block((Span(entry.typed, bold=True),)),
        paragraph(texts(_READ_AS[entry.kind]), spaced=False),
        paragraph(texts("words.tried", count=tried, changed=len(changes))),
    ]
    worse = sum(change.worse for change in changes)
    if worse:
        blocks.append(paragraph(texts("words.worse", count=worse), bold=True))
    for change in changes[:_SHOWN]:
        told = texts(
            "words.change",
            question=clip(change.question, _QUESTION),
            before=_told(change.before, texts),
            after=_told(change.after, texts),
        )
        blocks.append(paragraph(told))
    if len(changes) > _SHOWN:
        blocks.append(paragraph(texts("words.changes_more", count=len(changes) - _SHOWN)))
    keep, drop = (
        Button(texts("words.keep"), encode(Verb.WORDS, KEEP)),
        Button(texts("words.drop"), encode(Verb.WORDS, DROP)),
    )
    return Reply(tuple(blocks), ((keep, drop),))


def outcome(entry: Entry, told: str, texts: Texts, *, removable: bool) -> Reply:
    """The line and what became of it."""
    rows = ((Button(texts("words.remove"), encode(Verb.WORDS, REMOVE)),),) if removable else ()
    return Reply((Block((Span(entry.typed, bold=True),)), paragraph(told)), rows)


def line_in(message: str) -> str:
    """The line that a preview or outcome is about."""
    return message.partition("\n")[0]


def refusal(error: WordsError, code: str, texts: Texts) -> Reply:
    """Why a line cannot be added; like ``request``, it asks for one."""
    return _marked(f"{texts(f'words.{error.key}', **error.fields)}\n\n{texts('words.again')}", code, texts)


def _marked(told: str, code: str, texts: Texts) -> Reply:
    mark = paragraph(texts("words.code", code=f"K-{code}"), italic=True)
    return Reply((*(Block(each.spans) for each in sentence(told).blocks), mark))


def _told(answer: Answer, texts: Texts) -> str:
    match answer:
        case Found(snippets=snippets):
            return texts("words.answer_found", quotation=clip(snippets[0].text, _QUOTATION))
        case Related():
            return texts("words.answer_related")
        case NotFound():
            return texts("words.answer_not_found")
        case _:
            return texts("words.answer_other")
