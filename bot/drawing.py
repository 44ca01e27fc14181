"""A canvas for the bot's pictures: text that fits, boxes, PNG. The one door to Pillow.

The typeface is the one that Pillow ships (Aileron, public domain): the same on every machine, and nothing to install.
"""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

WHITE: Colour = (255, 255, 255)
INK: Colour = (28, 33, 38)
GREY: Colour = (84, 92, 100)


@lru_cache(maxsize=64)
def _font(size: int) -> Font:
    return ImageFont.load_default(size)


class Canvas:
    """A white picture of so many pixels; y grows downwards."""

    def __init__(self, width: int, height: int) -> None:
        self._image = Image.new("RGB", (width, height), WHITE)
        self._draw = ImageDraw.Draw(self._image)

    def box(self, left: float, top: float, right: float, bottom: float, fill: Colour, outline: Colour) -> None:
        """A filled box with rounded corners and a thin edge, which shows it without its colour."""
        self._draw.rounded_rectangle((left, top, right, bottom), radius=10, fill=fill, outline=outline, width=2)

    def bar(
        self, left: float, top: float, right: float, bottom: float, fill: Colour, outline: Colour, *, hatch: int = 0
    ) -> None:
        """A filled bar with square corners; ``hatch`` draws white slanting lines so many pixels apart over it."""
        box = tuple(round(each) for each in (left, top, right, bottom))
        width, height = max(1, box[2] - box[0]), max(1, box[3] - box[1])
        bar = Image.new("RGB", (width, height), fill)
        if hatch:
            lines = ImageDraw.Draw(bar)
            for start in range(-height, width, hatch):
                lines.line((start, height, start + height, 0), fill=WHITE, width=3)
        self._image.paste(bar, (box[0], box[1]))
        self._draw.rectangle((box[0], box[1], box[0] + width - 1, box[1] + height - 1), outline=outline, width=2)

    def line(self, left: float, top: float, right: float, fill: Colour) -> None:
        """A thin horizontal line."""
        self._draw.line((left, top, right, top), fill=fill, width=2)

    def text(
        self,
        at: tuple[float, float],
        text: str,
        size: int,
        fill: Colour = INK,
        *,
        within: float,
        align: Literal["l", "m"] = "l",
        bold: bool = False,
    ) -> None:
        """One line of text in at most ``within`` pixels; ``at`` is its left or middle, at half its height.

        A text that is too wide is written smaller, by a quarter at most, and then cut with "…".
        """
        fits = next((each for each in range(size, size * 3 // 4, -1) if _font(each).getlength(text) <= within), None)
        if fits is None:
            fits = size * 3 // 4
            text = _cut(text, fits, within)
        # The typeface has no bold: its strokes are drawn a little wider.
        self._draw.text(
            at, text, fill=fill, font=_font(fits), anchor=f"{align}m", stroke_width=fits / 60 if bold else 0
        )

    def png(self) -> bytes:
        """The picture as a file."""
        file = io.BytesIO()
        self._image.save(file, "PNG", optimize=True)
        return file.getvalue()


def wrapped(text: str, size: int, within: float) -> list[str]:
    """``text`` in lines of at most ``within`` pixels, broken between words."""
    font = _font(size)
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= within:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _cut(text: str, size: int, within: float) -> str:
    font, end = _font(size), len(text)
    while end and font.getlength(text[:end].rstrip() + "…") > within:
        end -= 1
    return text if end == len(text) else text[:end].rstrip() + "…"
