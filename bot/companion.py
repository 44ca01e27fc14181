"""What is offered beneath an answer that does not settle the question: to wait for one, or to look further. Pure."""

from __future__ import annotations

from datetime import timedelta

from bot.choices import Verb, encode
from bot.richtext import Button, Rows
from index.answer import Answer, Found, Home, NotFound, Related
from index.texts import Texts

# How long a question waits for an answer; the message that says it is kept, and /privasi, name it.
WAITED_FOR = timedelta(days=90)


def offers(answer: Answer, answer_id: str | None, texts: Texts) -> Rows:
    """The rows for an answer shown under that id; none where nothing is remembered."""
    if answer_id is None or not isinstance(answer, Found | Related | NotFound):
        return ()
    rows = []
    if answer.understanding.home is Home.PREFERRED:
        rows.append((Button(texts("region.everywhere"), encode(Verb.NATIONAL, answer_id)),))
    if not isinstance(answer, Found):
        rows.append((Button(texts("waiting.button"), encode(Verb.AWAIT, answer_id)),))
    return tuple(rows)


def without(rows: Rows, verb: Verb, answer_id: str) -> Rows:
    """The rows without the button that was tapped."""
    data = encode(verb, answer_id)
    kept = (tuple(button for button in row if button.data != data) for row in rows)
    return tuple(row for row in kept if row)
