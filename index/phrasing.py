"""An answer in words: the lines around the quotations, from the catalogue of texts. No markup."""

from __future__ import annotations

from datetime import date

from index.answer import (
    Answer,
    Citation,
    Clarify,
    Found,
    Gap,
    Home,
    NotFound,
    Related,
    Smalltalk,
    Snippet,
    Understanding,
)
from index.texts import Texts

_RELATED = {
    Gap.PLACE: "answer.related_place",
    Gap.TIME: "answer.related_time",
    Gap.ATTRIBUTE: "answer.related_attribute",
    Gap.TOPIC: "answer.related_topic",
}
_SEPARATOR = " · "


def understood_line(understanding: Understanding, texts: Texts) -> str | None:
    """How the question was read ("Saya cari: PKH = Program Keluarga Harapan · di Pacitan"), ``None`` if it was not."""
    spelled = {
        word: texts("answer.understood_expansion", short=short(word), long=long)
        for word, long in understanding.expansions
    }
    if len(understanding.topic) == 1:
        parts = [spelled.get(word, word) for word in understanding.topic]
    else:
        written = " ".join(short(word) if word in spelled else word for word in understanding.topic)
        parts = [written, *spelled.values()] if written else []
    if understanding.place:
        key = "answer.understood_home" if understanding.home is Home.PREFERRED else "answer.understood_place"
        parts.append(texts(key, place=understanding.place))
    if understanding.home is Home.EMPTY:
        parts.append(texts("answer.understood_everywhere"))
    if understanding.time:
        parts.append(texts("answer.understood_time", time=understanding.time))
    if understanding.follows:
        parts.append(texts("answer.understood_follows", question=understanding.follows))
    return texts("answer.understood", parts=_SEPARATOR.join(parts)) if parts else None


def short(word: str) -> str:
    """An abbreviation as it is usually written: a short one in capitals ("PKH"), a longer one as a name ("Tagana")."""
    return word.upper() if len(word) <= 4 else word.capitalize()


def verdict(answer: Answer, texts: Texts) -> str | None:
    """The sentence that says what the archive lacks, asks back, or replies to small talk; ``None`` for an answer."""
    match answer:
        case Found():
            return None
        case Related(understanding, gap, missing, _):
            written = {word: short(word) for word, _ in understanding.expansions}
            topic = " ".join(written.get(word, word) for word in understanding.topic) or texts("answer.this_matter")
            missing = ", ".join(written.get(word, word) for word in missing.split(", "))
            if gap is Gap.ATTRIBUTE:
                missing = texts(f"attribute.{missing}")
            return texts(
                _RELATED[gap], topic=topic, place=understanding.place, time=understanding.time, missing=missing
            )
        case NotFound(_, nearest):
            lines = [texts("answer.not_found")]
            if nearest:
                lines += [texts("answer.not_found_nearest"), *(f"• {_cited(citation, texts)}" for citation in nearest)]
            return "\n".join(lines)
        case Smalltalk(topic):
            return texts(f"smalltalk.{topic}")
        case Clarify(_, choices):
            asked_back = texts("answer.clarify") if choices else texts("answer.clarify_alone")
            return "\n".join([asked_back, *(f"• {choice}" for choice in choices)])


def citation_line(number: int, citation: Citation, texts: Texts, today: date) -> str:
    """A numbered citation: "[1] Title · Outlet · Kabupaten Pacitan, Jawa Timur · 23 September 2024 (2 tahun lalu)"."""
    return f"[{number}] {_cited(citation, texts)}{_age(citation, texts, today)}"


def source_line(citation: Citation, texts: Texts, today: date) -> str:
    """A citation without its title, for where that stands apart: "Outlet · Place · 2022 (2 tahun lalu)"."""
    parts = (citation.outlet, citation.place, _when(citation, texts))
    return _SEPARATOR.join(part for part in parts if part) + _age(citation, texts, today)


def notes(snippet: Snippet, texts: Texts) -> list[str]:
    """What else is said under a quotation: that it is older than another, and where else it stands."""
    lines = [texts("answer.older")] if snippet.older else []
    return [*lines, *(texts("answer.also_in", citation=_cited(citation, texts)) for citation in snippet.also_in)]


def as_plain_text(answer: Answer, texts: Texts, today: date) -> str:
    """The whole message without markup, as a terminal shows it."""
    lines = []
    if not isinstance(answer, Smalltalk):
        lines.append(understood_line(answer.understanding, texts))
    lines.append(verdict(answer, texts))
    for number, snippet in enumerate(getattr(answer, "snippets", ()), 1):
        lines.append(texts("answer.quotation", text=snippet.text))
        lines.append("\n".join([citation_line(number, snippet.citation, texts, today), *notes(snippet, texts)]))
    return "\n\n".join(line for line in lines if line)


def _cited(citation: Citation, texts: Texts) -> str:
    parts = (citation.title, citation.outlet, citation.place, _when(citation, texts))
    return _SEPARATOR.join(part for part in parts if part)


def _when(citation: Citation, texts: Texts) -> str:
    return str(citation.date) if citation.date else texts("citation.undated")


def _age(citation: Citation, texts: Texts, today: date) -> str:
    given = citation.date
    if given is None or given.year is None:
        return ""
    if given.month is None:
        # Of a date that is a year and no more, the age is reckoned from the year's middle, and said to be rough.
        years = round((today - date(given.year, 7, 1)).days / 365.25)
        return " " + texts("citation.rough_age", years=years) if years >= 1 else ""
    years = today.year - given.year - ((today.month, today.day) < (given.month, given.day or 1))
    return " " + texts("citation.age", years=years) if years >= 1 else ""
