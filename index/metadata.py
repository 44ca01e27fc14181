"""What a citation shows and the page does not label: title and date, with no more precision than it gives."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from index.article import ArticleDate, BlockKind
from index.blocks import Layout
from index.dates import DateMention, find_dates, weekday_of
from index.folding import fold

_TITLE_LIMIT, _TITLE_ENOUGH = 120, 40
_SENTENCE = re.compile(r"[.!?](?=[\s\"”]|$)")
_ABBREVIATION = re.compile(r"\b(?:[A-Z]|Dr|dr|Drs|Drg|H|Hj|Ir|KH|Moh|Muh|Prof|St|No|Kab|Prov|Kec|Jl)\.$")
# Where a clause can be left off and what stands before still reads as a headline.
_CLAUSE = re.compile(
    r",\s|\s(?:untuk|yang|serta|dengan|agar|guna|sebagai|karena|sehingga|termasuk|dalam\s+rangka|melalui|"
    r"bertempat|setelah|usai|"
    r"sekaligus|seiring|sementara|pada|bertujuan)\s"
)
_PREPOSITION = re.compile(r"[\s,(]+(?:pada|hari|tanggal|per|mulai)?\s*(?:hari|tanggal)?[\s,(]*$")
# A predicate by its prefix; the words left out are prepositions and adjectives that only look like one.
_VERB = re.compile(
    r"\s(?!melalui|mengenai|menurut|menuju|menjelang|beserta|bersama|berbagai|beberapa|berupa|terkait|terhadap|"
    r"tersebut|termasuk|"
    r"terdampak|miskin|dinas|digital|disabilitas|difabel|dini)(?:me|ber|di|ter)[a-z]{4,}\b"
)
# After a date or before it: a deadline, a plan, a birth, a law, a beginning in the past, not the day of the report.
_NOT_THE_DAY = re.compile(
    r"(?:hingga|sampai(?:\s+dengan)?|s\.?/?d\.?|paling\s+lambat|selambat-lambatnya|batas|lahir|kelahiran|sejak|"
    r"mulai|berlaku|terhitung|"
    r"per|nomor|sebelum|setelah|jatuh\s+pada|mendatang|ditetapkan|diundangkan|berdiri|didirikan|dibuka|ditutup|"
    r"dijadwalkan|direncanakan|"
    r"periode|sebelumnya|terakhir)\s+(?:\w+\s+){0,3}\(?$"
)
_COMING = re.compile(r"\)?\s*(?:mendatang|depan|nanti)\b")
_LAW_OR_PAST = re.compile(
    r"(?:sejak|dari|nomor\s+\S+|no\.?\s*\S+|periode|hingga|"
    r"sampai)\s+(?:tahun\s+)?$"
)
_PUBLISHED = re.compile(
    r"(?:dipublikasikan|dipublikasi|diterbitkan|terbit|tayang|published|posted|diunggah|diposting|updated?|"
    r"diperbarui)\b.{0,20}$"
)
_BY_THE_WAY = re.compile(
    r"\b(?:serupa|sebelumnya|silam|pernah|lalu|dibandingkan|dibanding|terakhir|sejarah|semula|dulu|sejak|berdiri|"
    r"target\w*|rencana\w*|"
    r"mendatang|depan|bercita-cita|menuju|lahir)\b"
)
_LEAD_PARAGRAPHS, _BESIDE, _SAME_STORY = 3, 300, 600
_WORD, _SENTENCE_ENDED = re.compile(r"\w"), re.compile(r"[.!?]\s")


def find_title(text: str, layout: Layout) -> str:
    """Return the headline as given; else the beginning of the lead, cut where a clause ends."""
    if layout.title:
        return _tidy(text[slice(*layout.title)])
    for kinds in ({BlockKind.PARAGRAPH}, {BlockKind.ROW, BlockKind.CAPTION}, {BlockKind.HEADING}):
        for piece in layout.pieces:
            if piece.kind in kinds:
                return derive_title(text[piece.start : min(piece.end, piece.start + 600)])
    return ""


def derive_title(lead: str) -> str:
    """Return a headline out of a report's first words: the first sentence, or what of it fits at a natural boundary."""
    lead = _tidy(lead)
    sentence = lead
    for stop in _SENTENCE.finditer(lead):
        if not _ABBREVIATION.search(lead[max(0, stop.start() - 6) : stop.end()]) and stop.start() >= 20:
            sentence = lead[: stop.end()].rstrip(".!")
            break
    # ", Kamis (8/8/2024)" at the end says when, which the citation says anyway
    closing = find_dates(sentence)
    if (
        closing
        and not _WORD.search(sentence, closing[-1].end)
        and (closing[-1].weekday or closing[-1].date.day)
        # "hingga 30 Juni": a title cannot end in "hingga"
        and not _NOT_THE_DAY.search(fold(sentence[: closing[-1].start]))
    ):
        sentence = _PREPOSITION.sub("", sentence[: closing[-1].start])
    if len(sentence) <= _TITLE_LIMIT + 20:
        return sentence.rstrip(" .,;:(")
    cuts = [cut.start() for cut in _CLAUSE.finditer(sentence, _TITLE_ENOUGH, _TITLE_LIMIT + 1)]
    verb = _VERB.search(sentence)
    through = sentence.find(" melalui ", 0, _TITLE_LIMIT)
    if verb and 0 < through < verb.start() and verb.start() > _TITLE_LIMIT // 2:
        # who did it through which offices, at length: what they did is what a reader looks for
        rest = sentence[verb.start() + 1 :]
        cut = next((found.start() for found in _CLAUSE.finditer(rest, _TITLE_ENOUGH)), len(rest))
        return f"{sentence[:through]} … {rest[: min(cut, _TITLE_LIMIT)].rstrip(' ,;:(')}"
    fitting = [cut for cut in cuts if verb and cut > verb.end() + 10]
    if fitting:
        return sentence[: fitting[-1]].rstrip(" ,;:(")
    cut = sentence.rfind(" ", 0, _TITLE_LIMIT)
    return sentence[: cut if cut > 0 else _TITLE_LIMIT].rstrip(" ,;:(") + " …"


def find_date(text: str, layout: Layout) -> ArticleDate | None:
    """Return the day of publication or of what the lead reports; else only as much of it as the page says.

    Order of trust: the page's clock line, a day in the lead that goes with a weekday, another day in the lead, a day
    with its weekday further down, then weekday, month and year by themselves.
    """
    for start, end in layout.clocks:
        for mention in find_dates(text[start:end]):
            if mention.date.year and mention.date.day:
                return mention.date
    paragraphs = [(p.start, p.end) for p in layout.pieces if p.kind in {BlockKind.PARAGRAPH, BlockKind.CAPTION}]
    dateline = [(p.start, p.end) for p in layout.pieces if p.kind is BlockKind.FURNITURE][:6] if layout.dateline else []
    title = [layout.title] if layout.title else []
    lead = _mentions(text, sorted(dateline + paragraphs[: _LEAD_PARAGRAPHS + 1]), budget=6000)
    years = _mentions(text, title, budget=300) + lead
    rest = _mentions(text, paragraphs[_LEAD_PARAGRAPHS + 1 :], budget=20000)
    dated = [mention for mention in years + rest if _gives_year(text, mention)]
    for mentions, weekday_only in ((lead, True), (lead, False), (rest, True)):
        for mention in mentions:
            if not mention.date.day or (weekday_only and not mention.weekday) or _is_not_the_day(text, mention):
                continue
            full = _completed(mention, dated)
            if full:
                return full
    published = _published(text)
    if published:
        return published
    return _partial(text, years, rest)


def _mentions(text: str, spans: Sequence[tuple[int, int]], *, budget: int) -> list[DateMention]:
    found: list[DateMention] = []
    for start, end in spans:
        stop = min(end, start + budget)
        budget -= stop - start
        for mention in find_dates(text[start:stop]):
            shifted = (mention.start + start, mention.end + start, mention.date, mention.until, mention.weekday)
            found.append(DateMention(*shifted))
        if budget <= 0:
            break
    return found


def _is_not_the_day(text: str, mention: DateMention) -> bool:
    before, after = text[max(0, mention.start - 50) : mention.start], text[mention.end : mention.end + 20]
    return bool(_NOT_THE_DAY.search(fold(before)) or _COMING.match(fold(after)))


def _gives_year(text: str, mention: DateMention) -> bool:
    """Whether a day without a year may be of this mention's: not of a law's, nor of one long past."""
    if not mention.date.year or mention.date.year < 1990:
        return False
    return not _LAW_OR_PAST.search(fold(text[max(0, mention.start - 25) : mention.start]))


def _completed(mention: DateMention, dated: Sequence[DateMention]) -> ArticleDate | None:
    """Return a day with its year: its own, or the nearest that the text gives and the weekday allows."""
    date = mention.date
    if date.year or not date.day:
        return date if date.year else None
    full = {year: ArticleDate(year, date.month, date.day) for year in {other.date.year for other in dated}}
    allowed = {year for year in full if mention.weekday is None or _falls_on(full[year], mention.weekday)}
    near = [other for other in dated if other.date.year in allowed]
    nearest = min(near, key=lambda other: abs(other.start - mention.start), default=None)
    if nearest is None or (not mention.weekday and abs(nearest.start - mention.start) > _SAME_STORY):
        return None
    return full[nearest.date.year]


def _falls_on(date: ArticleDate, weekday: str) -> bool:
    try:
        return weekday_of(date) == weekday
    except ValueError:  # 29 February
        return False


def _published(text: str) -> ArticleDate | None:
    for part in (text[:3000], text[-3000:]):
        for mention in find_dates(part):
            if (
                mention.date.day
                and mention.date.year
                and _PUBLISHED.search(fold(part[max(0, mention.start - 40) : mention.start]))
            ):
                return mention.date
    return None


def _partial(text: str, near: Sequence[DateMention], rest: Sequence[DateMention]) -> ArticleDate | None:
    """Weekday, month and year, each only if the page is clearly about it."""
    undated = next((m for m in near if m.date.day and not m.date.year and not _is_not_the_day(text, m)), None)
    if undated:
        return undated.date
    for mention in near:
        if mention.date.year and mention.date.month and not mention.date.day and not _is_past(text, mention):
            return ArticleDate(mention.date.year, mention.date.month, None, _weekday_beside(near, mention))
    dwelt = [m for m in (*near, *rest) if m.date.year and not m.until and not _is_past(text, m)]
    beginning = frozenset(near)
    early = {m.date.year for m in dwelt if m in beginning}
    about = Counter(m.date.year for m in dwelt if m.date.year in early and m.date.year and m.date.year >= 1990)
    if not about:
        return None
    # The latest of the years that the page dwells on: older ones are what it compares with.
    most = max(about.values())
    year = max(year for year, times in about.items() if times == most)
    beside = (_weekday_beside(near, m) for m in dwelt if m.date.year == year)
    return ArticleDate(year=year, weekday=next(filter(None, beside), None))


def _is_past(text: str, mention: DateMention) -> bool:
    """Whether a year or month is a law's, a period's, or that of something earlier told by the way."""
    before = fold(text[max(0, mention.start - 120) : mention.start])
    after = fold(text[mention.end : mention.end + 12])
    told = _BY_THE_WAY.search(_SENTENCE_ENDED.split(before)[-1]) or _BY_THE_WAY.match(after.lstrip(" ,"))
    return bool(told or _LAW_OR_PAST.search(before) or _is_not_the_day(text, mention))


def _weekday_beside(mentions: Sequence[DateMention], year: DateMention) -> str | None:
    """Return the day's name that stands by itself near a year: "tahun 2022, di Serang, Rabu"."""
    for mention in mentions:
        bare = mention.date.weekday and not (mention.date.day or mention.date.year)
        if bare and abs(mention.start - year.start) <= _BESIDE:
            return mention.date.weekday
    return None


def _tidy(text: str) -> str:
    return " ".join(text.split())
