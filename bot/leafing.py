"""Lists of several pages: what stands on a page, and the buttons that turn it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.richtext import Block, Button, Rows, paragraph
from index.texts import Texts

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Leaf(Generic[T]):
    """Page ``number`` of ``last``, from 1, with what stands on it: (its number in the whole list from 1, itself)."""

    number: int
    last: int
    shown: tuple[tuple[int, T], ...]


def leaf(items: Sequence[T], number: int, size: int) -> Leaf[T]:
    """A page of ``size`` items; ``number`` may be anything, and is kept in range."""
    last = last_page(len(items), size)
    number = min(max(number, 1), last)
    first = (number - 1) * size
    return Leaf(number, last, tuple(enumerate(items[first : first + size], first + 1)))


def last_page(count: int, size: int) -> int:
    """The number of the last page; an empty list has one, too."""
    return max(1, -(-count // size))


def which_page(number: int, last: int, texts: Texts) -> list[Block]:
    """A line that says which page it is, where there are several."""
    return [paragraph(texts("chat.page", page=number, last=last), italic=True)] if last > 1 else []


def turning(number: int, last: int, texts: Texts, data: Callable[[int], str]) -> Rows:
    """A row with the buttons to the pages beside, or none; ``data`` is what the button to a page says when tapped."""
    row = []
    if number > 1:
        row.append(Button(texts("chat.previous_page"), data(number - 1)))
    if number < last:
        row.append(Button(texts("chat.next_page"), data(number + 1)))
    return (tuple(row),) if row else ()


def in_rows(buttons: Sequence[Button], width: int) -> Rows:
    """Buttons side by side, ``width`` in a row."""
    return tuple(tuple(buttons[at : at + width]) for at in range(0, len(buttons), width))
