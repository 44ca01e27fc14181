"""A page's HTML -> its article and what the page says about it: the one door to trafilatura."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import trafilatura

from bot.intake.documents import Document, Kind
from bot.intake.errors import NoArticleError, ScriptPageError
from index.dates import find_dates

# What is left of a page that its scripts would have filled is a menu or "aktifkan JavaScript".
_LEAST, _LEAST_WITH_SCRIPTS = 40, 150
_DATES_WITHIN = 500_000  # characters of a page in which its date must stand
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_RULE = re.compile(r"^\|(?:[-: ]+\|)+ ?$\n?", re.MULTILINE)
_ROW = re.compile(r"^\|\s*(?P<cells>.*?)[|\s]*$", re.MULTILINE)


def read_page(html: str, url: str | None = None) -> Document:
    """Take an article out of its page, with the title, outlet, address and day that the page gives.

    Raises:
        ScriptPageError: the text would only come with the page's scripts.
        NoArticleError: nothing long enough to be one.
    """
    # lxml refuses a declaration of an encoding in text that is decoded already.
    html = _XML_DECLARATION.sub("", html)
    found = trafilatura.bare_extraction(
        html,
        url=url,
        with_metadata=True,
        include_comments=False,
        include_tables=True,
        # Not extensive: that guesses a day from any year on the page.
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    text = _plain(getattr(found, "text", None) or "")
    scripts = "<script" in html.lower()
    if sum(map(str.isalnum, text)) < (_LEAST_WITH_SCRIPTS if scripts else _LEAST):
        raise ScriptPageError if scripts else NoArticleError
    return Document(
        Kind.PAGE,
        text,
        title=_tidy(getattr(found, "title", None)),
        outlet=_tidy(getattr(found, "sitename", None)),
        url=_address(getattr(found, "url", None), url),
        date=_written_day(getattr(found, "date", None), html, url or ""),
    )


def _plain(text: str) -> str:
    """Tables as rows of cells ("Hadiwarno | 40"), without Markdown's frame."""
    return _ROW.sub(lambda row: row["cells"], _RULE.sub("", text)).strip()


def _tidy(value: str | None) -> str | None:
    return " ".join(value.split()) or None if value else None


def _address(canonical: str | None, fetched: str | None) -> str | None:
    """The address that the page calls its own, if that is on the site that it came from."""
    if canonical and urlsplit(canonical).scheme in {"http", "https"}:
        home = urlsplit(fetched).hostname if fetched else urlsplit(canonical).hostname
        if urlsplit(canonical).hostname == home:
            return canonical
    return fetched


def _written_day(date: str | None, html: str, url: str) -> str | None:
    """The page's date if its day stands on the page or in its address; a day that was made up is no date."""
    parts = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", date or "")
    if parts is None:
        return None
    year, month, day = map(int, parts.groups())
    source = html[:_DATES_WITHIN]
    figures = rf"(?<!\d){year}(?P<s>[-/.]?)0?{month}(?P=s)0?{day}(?!\d)"
    if re.search(figures, f"{source}\n{url}"):
        return date
    written = any((m.date.year, m.date.month, m.date.day) == (year, month, day) for m in find_dates(source))
    return date if written else None
