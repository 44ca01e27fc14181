"""``/statistik`` as a picture that can be read on a phone. What it says by shade it says by pattern and word, too."""

from __future__ import annotations

from bot.drawing import GREY, Canvas, Colour
from bot.statistics import FEWEST_CHATS, STATUSES, Bar, Statistics
from bot.statisticsboard import feedback_line, heading, share, status_name, total_line
from index.article import MONTHS
from index.texts import Texts

# In pixels. A phone shows the width in some 7 cm, so 28 is as small as its own smallest writing.
_WIDTH, _MARGIN, _CHART = 1080, 40, 400
_LARGE, _MIDDLE, _SMALL = 50, 34, 28
_RANK_ROW, _LEGEND_ROW = 62, 50
_LEFT = 100  # of the bars: what is before it holds the scale
# Each with the pattern that tells it from the others without its colour.
_FILLS: dict[str, tuple[Colour, int]] = {
    "answered": ((11, 83, 92), 0),
    "related": ((98, 172, 180), 14),
    "not_found": ((244, 220, 190), 0),
}
_RANK: Colour = (176, 216, 220)
_TRACK: Colour = (240, 244, 245)
_EDGE: Colour = (84, 92, 100)
_GRID: Colour = (214, 220, 224)


def draw(statistics: Statistics, texts: Texts) -> bytes:
    """The picture as PNG."""
    ranks = [
        (texts("statistics.regions_title"), statistics.regions),
        (texts("statistics.topics_title"), statistics.topics),
    ]
    ranks = [(title, ranked) for title, ranked in ranks if ranked]
    told = statistics.totals is not None
    height = 190 + _CHART + 110
    height += _LEGEND_ROW * (len(STATUSES) + (2 if statistics.hidden else 1)) + 24 if told else 90
    height += sum(90 + _RANK_ROW * len(ranked) for _, ranked in ranks)
    canvas = Canvas(_WIDTH, height + _MARGIN // 2)
    full = _WIDTH - 2 * _MARGIN
    canvas.text((_MARGIN, 62), texts("statistics.title"), _LARGE, within=full, bold=True)
    canvas.text((_MARGIN, 122), heading(statistics, texts), _MIDDLE, GREY, within=full)
    _chart(canvas, statistics, 180, texts)
    y = 180 + _CHART + 104
    if not told:
        canvas.text((_MARGIN, y + 24), texts("statistics.too_few", chats=FEWEST_CHATS), _SMALL, within=full)
        return canvas.png()
    canvas.text((_MARGIN, y + 20), total_line(statistics, texts), _MIDDLE, within=full, bold=True)
    y += _LEGEND_ROW + 4
    for status in STATUSES:
        fill, hatch = _FILLS[status]
        canvas.bar(_MARGIN, y + 2, _MARGIN + 44, y + 38, fill, _EDGE, hatch=hatch)
        line = texts("statistics.line", name=status_name(status, texts), count=share(statistics, status))
        canvas.text((_MARGIN + 62, y + 20), line, _MIDDLE, within=full - 62)
        y += _LEGEND_ROW
    if statistics.hidden:
        canvas.text((_MARGIN + 22, y + 20), "?", _MIDDLE, GREY, within=44, align="m")
        canvas.text(
            (_MARGIN + 62, y + 20), texts("statistics.hidden", chats=FEWEST_CHATS), _SMALL, GREY, within=full - 62
        )
        y += _LEGEND_ROW
    canvas.text((_MARGIN, y + 20), feedback_line(statistics, texts), _MIDDLE, within=full)
    y += _LEGEND_ROW + 24
    for title, ranked in ranks:
        canvas.line(_MARGIN, y - 6, _WIDTH - _MARGIN, _GRID)
        canvas.text((_MARGIN, y + 30), title, _MIDDLE, within=full, bold=True)
        y += 68
        _ranking(canvas, ranked, y)
        y += 22 + _RANK_ROW * len(ranked)
    return canvas.png()


def _chart(canvas: Canvas, statistics: Statistics, top: int, texts: Texts) -> None:
    bottom, right = top + _CHART, _WIDTH - _MARGIN
    bars = statistics.bars
    highest = _rounded_up(max((bar.total for bar in bars), default=0))
    for part in (0, 1, 2):
        y = bottom - _CHART * part / 2
        canvas.line(_LEFT, y, right, _EDGE if part == 0 else _GRID)
        canvas.text((_MARGIN + 24, y), str(highest * part // 2), _SMALL, GREY, within=70, align="m")
    step = (right - _LEFT) / len(bars)
    gap = 4 if len(bars) > 14 else 14
    for number, bar in enumerate(bars):
        left = _LEFT + step * number
        if bar.counts is None:
            canvas.text((left + step / 2, bottom - 22), "?", _SMALL, GREY, within=step + 8, align="m")
            continue
        y = float(bottom)
        for status in STATUSES:
            size = _CHART * bar.counts[status] / highest
            if size > 0:
                fill, hatch = _FILLS[status]
                canvas.bar(left + gap / 2, y - size, left + step - gap / 2, y, fill, _EDGE, hatch=hatch)
                y -= size
        if bar.total and len(bars) <= 14:
            canvas.text((left + step / 2, y - 18), str(bar.total), _SMALL, within=step + 6, align="m")
    _dates(canvas, bars, bottom, step, texts)


def _dates(canvas: Canvas, bars: tuple[Bar, ...], bottom: float, step: float, texts: Texts) -> None:
    """A label under as many bars as have room for one, the last always among them."""
    every = -(-132 // int(step))
    weekly = bars[-1].first != bars[-1].last
    for number in range(len(bars) - 1, -1, -every):
        day = bars[number].first if weekly else bars[number].last
        left = _LEFT + step * (number + 0.5)
        label = f"{day.day} {MONTHS[day.month - 1][:3]}"
        canvas.text((min(left, _WIDTH - _MARGIN - 45), bottom + 26), label, _SMALL, within=step * every, align="m")
    unit = texts("statistics.by_week" if weekly else "statistics.by_day")
    canvas.text(((_LEFT + _WIDTH - _MARGIN) / 2, bottom + 62), unit, _SMALL, GREY, within=800, align="m")


def _ranking(canvas: Canvas, ranked: tuple[tuple[str, int], ...], top: float) -> None:
    full = _WIDTH - 2 * _MARGIN
    most = max(count for _, count in ranked)
    for number, (name, count) in enumerate(ranked):
        y = top + _RANK_ROW * number
        # On a pale track and without an edge: a name may run across the bar's end and stay legible.
        canvas.bar(_MARGIN, y + 4, _WIDTH - _MARGIN, y + _RANK_ROW - 6, _TRACK, _TRACK)
        canvas.bar(_MARGIN, y + 4, _MARGIN + full * count / most, y + _RANK_ROW - 6, _RANK, _RANK)
        canvas.text((_MARGIN + 14, y + _RANK_ROW / 2), name, _MIDDLE, within=full - 134)
        canvas.text((_WIDTH - _MARGIN - 60, y + _RANK_ROW / 2), str(count), _MIDDLE, within=110, align="m", bold=True)


def _rounded_up(number: int) -> int:
    """The next number that is easy to read off a scale with a middle: 2, 4, 10, 20, 40, 100, ..."""
    scale = 1
    while True:
        for step in (2, 4, 6, 8):
            if number <= step * scale:
                return step * scale
        scale *= 10
        if number <= scale:
            return scale
