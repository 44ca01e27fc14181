"""/cakupan: regions by programmes by newest date as a picture, and the same in words for who cannot see it."""

from __future__ import annotations

import asyncio
from datetime import date

from bot.coverage import Coverage, Region, Tally
from bot.drawing import GREY, INK, WHITE, Canvas, Colour, wrapped
from bot.regions import tally_line
from bot.richtext import MESSAGE_UNITS, Block, Reply, length, paragraph
from index.article import ArticleDate
from index.places import Level, describe
from index.texts import Texts

REGIONS_SHOWN, PROGRAMMES_SHOWN = 12, 4
# https://core.telegram.org/bots/api#sendphoto: 0 to 1024 characters after entities parsing
CAPTION_UNITS = 1024

# In pixels. A phone shows the width in some 7 cm, so 28 is as small as its own smallest writing.
_WIDTH, _MARGIN, _NAMES, _ROW, _HEAD = 1080, 36, 310, 96, 72
_LARGE, _MIDDLE, _SMALL = 50, 33, 28
# By how many full years the newest article is old: background and writing, each pair at least 4.5 : 1 in contrast.
_AGES: tuple[tuple[Colour, Colour], ...] = (
    ((11, 83, 92), WHITE),
    ((98, 172, 180), INK),
    ((176, 216, 220), INK),
    ((232, 243, 244), INK),
)
_EDGE: Colour = (150, 160, 166)


class CoveragePictures:
    """The picture of the live archive, drawn once for each archive and day."""

    def __init__(self) -> None:
        self._last: tuple[Coverage, date, bytes] | None = None

    async def of(self, coverage: Coverage, texts: Texts, today: date) -> bytes:
        """The picture as PNG."""
        if self._last is None or self._last[0] is not coverage or self._last[1] != today:
            png = await asyncio.to_thread(draw, coverage, texts, today)
            self._last = (coverage, today, png)
        return self._last[2]


def draw(coverage: Coverage, texts: Texts, today: date) -> bytes:
    """The picture as PNG: a row for each of the newest regions, a column for each of the commonest programmes."""
    shown, programmes = coverage.local[:REGIONS_SHOWN], coverage.programmes[:PROGRAMMES_SHOWN]
    hidden = len(coverage.local) - len(shown)
    legend = wrapped(texts("coverage.legend"), _SMALL, _WIDTH - 2 * _MARGIN)
    table = 176
    foot = table + _HEAD + _ROW * len(shown) + 30
    canvas = Canvas(_WIDTH, foot + 64 + 40 * len(legend) + (56 if hidden else 0) + _MARGIN)
    full = _WIDTH - 2 * _MARGIN
    canvas.text((_MARGIN, 66), texts("coverage.title"), _LARGE, within=full, bold=True)
    when = ArticleDate(today.year, today.month, today.day)
    told = texts("coverage.subtitle", count=len(coverage.programmes_of), regions=len(coverage.local), date=when)
    canvas.text((_MARGIN, 128), told, _MIDDLE, GREY, within=full)
    # With fewer programmes the columns stay as wide as they are legible.
    step = (full - _NAMES) / (PROGRAMMES_SHOWN + 1)
    canvas.text((_MARGIN, table + _HEAD / 2), texts("coverage.region"), _SMALL, GREY, within=_NAMES - 20)
    for column, name in enumerate((texts("coverage.all"), *programmes)):
        middle = _MARGIN + _NAMES + step * (column + 0.5)
        canvas.text((middle, table + _HEAD / 2), name, _SMALL, within=step - 8, align="m", bold=True)
    for row, region in enumerate(shown):
        top = table + _HEAD + _ROW * row
        canvas.line(_MARGIN, top, _WIDTH - _MARGIN, _EDGE)
        _name(canvas, region, top)
        for column, tally in enumerate((region.tally, *(region.programmes.get(name) for name in programmes))):
            left = _MARGIN + _NAMES + step * column
            _cell(canvas, (left + 4, top + 6, left + step - 4, top + _ROW - 6), tally, texts, today)
    y = foot
    if hidden:
        canvas.text((_MARGIN, y + 8), texts("coverage.more", count=hidden), _SMALL, within=full)
        y += 56
    for line in legend:
        canvas.text((_MARGIN, y + 14), line, _SMALL, GREY, within=full)
        y += 40
    _ages(canvas, y + 4, texts)
    return canvas.png()


def words(coverage: Coverage, texts: Texts) -> tuple[Reply, tuple[Reply, ...]]:
    """The caption, and the messages that go on where Telegram's limit for captions ends."""
    head = paragraph(
        texts("coverage.caption", count=len(coverage.programmes_of), regions=len(coverage.local)), bold=True
    )
    lines = [paragraph(_row_in_words(region, texts), spaced=False) for region in coverage.local[:REGIONS_SHOWN]]
    if hidden := len(coverage.local) - len(lines):
        lines.append(paragraph(texts("coverage.more", count=hidden), spaced=False))
    if length([head, *lines]) <= CAPTION_UNITS:
        return Reply((head, *lines)), ()
    messages: list[list[Block]] = [[]]
    for line in lines:
        if length([*messages[-1], line]) > MESSAGE_UNITS:
            messages.append([])
        messages[-1].append(line)
    caption = Reply((head, paragraph(texts("coverage.caption_long"))))
    return caption, tuple(Reply(tuple(blocks)) for blocks in messages)


def _name(canvas: Canvas, region: Region, top: float) -> None:
    place, within = region.place, _NAMES - 8
    if place.level is Level.PROVINCE:
        canvas.text((_MARGIN, top + _ROW / 2), place.name, _MIDDLE, within=within, bold=True)
        return
    short = f"Kab. {place.name}" if place.level is Level.REGENCY else place.full_name
    canvas.text((_MARGIN, top + 33), short, _MIDDLE, within=within, bold=True)
    canvas.text((_MARGIN, top + 68), place.province, _SMALL, GREY, within=within)


def _cell(
    canvas: Canvas, box: tuple[float, float, float, float], tally: Tally | None, texts: Texts, today: date
) -> None:
    left, top, right, bottom = box
    middle, within = (left + right) / 2, right - left - 8
    if tally is None:
        canvas.text((middle, (top + bottom) / 2), "-", _SMALL, GREY, within=within, align="m")
        return
    fill, ink = _AGES[_age(tally, today)]
    canvas.box(left, top, right, bottom, fill, _EDGE)
    year, month, _ = tally.newest
    newest = (f"{month}/{year}" if month else str(year)) if year else texts("coverage.cell_undated")
    canvas.text((middle, top + 27), newest, _MIDDLE if year else _SMALL, ink, within=within, align="m")
    canvas.text(
        (middle, top + 60), texts("coverage.cell_count", count=tally.articles), _SMALL, ink, within=within, align="m"
    )


def _age(tally: Tally, today: date) -> int:
    """Which of ``_AGES``: full years since the newest date; undated counts as old."""
    year, month, day = tally.newest
    years = today.year - year - ((today.month, today.day) < (month or 1, day or 1))
    return min(max(years, 0), len(_AGES) - 1)


def _ages(canvas: Canvas, top: float, texts: Texts) -> None:
    step = (_WIDTH - 2 * _MARGIN) / len(_AGES)
    for number, (key, (fill, ink)) in enumerate(
        zip(("coverage.age_none", "coverage.age_one", "coverage.age_two", "coverage.age_more"), _AGES, strict=True)
    ):
        left = _MARGIN + step * number
        canvas.box(left + 2, top, left + step - 6, top + 44, fill, _EDGE)
        canvas.text((left + step / 2 - 2, top + 22), texts(key), _SMALL, ink, within=step - 24, align="m")


def _row_in_words(region: Region, texts: Texts) -> str:
    names = [
        texts("coverage.row_programme", name=name, count=tally.articles, date=_shown(tally))
        if any(tally.newest)
        else texts("coverage.row_programme_undated", name=name, count=tally.articles)
        for name, tally in sorted(region.programmes.items(), key=lambda item: (-item[1].articles, item[0]))
    ]
    told = texts("coverage.row_programmes", names=", ".join(names)) if names else ""
    place = describe((region.place,))
    return texts("coverage.row", place=place, tally=tally_line(region.tally, texts), programmes=told)


def _shown(tally: Tally) -> ArticleDate:
    year, month, day = (part or None for part in tally.newest)
    return ArticleDate(year, month, day)
