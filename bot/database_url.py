"""What ``DATABASE_URL`` names: a file of SQLite's, or a PostgreSQL server. A password is kept, and never shown."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

EXPECTED = (
    "sqlite:///relative/path, sqlite:////absolute/path or postgresql://user:password@host:port/name "
    "(in a password, what is no letter, digit, -, _, . or ~ as %XX)"
)

_PART = r"(?:[^\s:/?#@%]|%[0-9A-Fa-f]{2})*"
# As PostgreSQL's own library reads it, with one @ at most: a password that holds a plain one, or a slash, would be
# taken for part of the host's name, and shown in every message about it.
_SERVER = re.compile(
    rf"postgres(?:ql)?://(?:{_PART}(?::(?P<password>{_PART}))?@)?"
    rf"(?P<hosts>[^\s/?#@]*)(?:/(?P<name>{_PART}))?(?:\?(?P<options>\w+=[^\s#@]*))?"
)


@dataclass(frozen=True, slots=True)
class Server:
    """A database of a PostgreSQL server; as text it is the host and the database's name, without the rest.

    ``url`` is what PostgreSQL's library takes, user, password and options included.
    """

    url: str = field(repr=False)

    def __str__(self) -> str:
        """Where it is, for people."""
        parts = _SERVER.fullmatch(self.url)
        if parts is None:
            return "postgresql://"
        host = parts["hosts"] or next(iter(re.findall(r"(?:^|&)host=([^&]+)", parts["options"] or "")), "")
        return f"postgresql://{unquote(host)}/{unquote(parts['name'] or '')}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no message may show: the password, as it is written and as it is meant."""
        parts = _SERVER.fullmatch(self.url)
        written = [parts["password"]] if parts else []
        written += re.findall(r"[?&](?:ssl)?password=([^&]+)", self.url)
        return tuple({form for each in written if each for form in (each, unquote(each))})


def parse(url: str) -> Path | Server | None:
    """What a URL names; ``None`` when it is not one of these."""
    scheme, separator, path = url.partition(":///")
    if separator and scheme == "sqlite":
        return Path(path) if path and path != ":memory:" else None
    return Server(url) if _SERVER.fullmatch(url) else None


def unfit(url: str) -> str:
    """What is wrong with one that ``parse`` does not take; only its scheme is shown, for the rest may be a password."""
    return f"the scheme {url.partition(':')[0][:20]!r}" if "://" in url else "something that is not a URL"
