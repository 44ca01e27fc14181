"""The buttons that an answer is rated by, and what becomes of them when they are tapped. Pure."""

from __future__ import annotations

from bot.callbacks import Rate, RateBecause, Reason, decode, encode
from bot.richtext import Button, Rows
from index.texts import Texts


def rating_row(answer: str, texts: Texts) -> tuple[Button, ...]:
    """Whether the answer helped."""
    return (
        Button(texts("feedback.good"), encode(Rate(answer, good=True))),
        Button(texts("feedback.bad"), encode(Rate(answer, good=False))),
    )


def asking_why(rows: Rows, answer: str, texts: Texts) -> Rows:
    """An answer's buttons with the reasons in place of its rating; one may still say that it helped."""
    reasons = tuple(Button(texts(f"feedback.{each}"), encode(RateBecause(answer, each))) for each in Reason)
    return _replaced(rows, (reasons[:2], reasons[2:], rating_row(answer, texts)[:1]))


def asking_whether(rows: Rows, answer: str, texts: Texts) -> Rows:
    """An answer's buttons with the rating in place of the reasons."""
    return _replaced(rows, (rating_row(answer, texts),))


def _replaced(rows: Rows, rating: Rows) -> Rows:
    """``rows`` with those that rate replaced, in their place; unchanged when there are none."""
    kept: list[tuple[Button, ...]] = []
    done = False
    for row in rows:
        if not any(isinstance(decode(button.data), Rate | RateBecause) for button in row):
            kept.append(row)
        elif not done:
            kept += rating
            done = True
    return tuple(kept)
