"""What an editor wrote about an article, in ``x.toml`` beside ``x.txt``."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from index.article import ArticleDate, Locality
from index.dates import parse_date, weekday_name
from index.errors import ArticleError
from index.places import describe, load_gazetteer

_ORDER = ("title", "outlet", "place", "date", "weekday", "url", "source", "note")
KEYS = frozenset(_ORDER)
_LINE = re.compile(r"\(at line (\d+)")


def read_sidecar(path: Path) -> dict[str, str]:
    """Read a sidecar's values, all of them texts; a missing file is an empty sidecar.

    Raises:
        ArticleError: not UTF-8, not TOML, an unknown key, a value that is no text, or an impossible date.

    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ArticleError(
            path, f"found a file that cannot be read ({error.strerror}), expected a TOML file"
        ) from error
    return parse_sidecar(path, data)


def parse_sidecar(path: Path | str, data: bytes) -> dict[str, str]:
    """Read a sidecar's values from its bytes; ``path`` is for the errors, which are those of ``read_sidecar``."""
    try:
        source = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ArticleError(path, "found bytes that are not UTF-8, expected a TOML file in UTF-8") from error
    try:
        values: dict[str, Any] = tomllib.loads(source.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        at = _LINE.search(str(error))
        raise ArticleError(path, f"found invalid TOML ({error}), expected lines like title = \"...\"",
                           line=int(at[1]) if at else source.count("\n") + 1) from error  # fmt: skip
    lines = source.splitlines()
    for key, value in values.items():
        line = next((n for n, text in enumerate(lines, 1) if re.match(rf"\s*[\"']?{re.escape(key)}\b", text)), None)
        if key not in KEYS:
            raise ArticleError(path, f"found the key {key!r}, expected one of {', '.join(sorted(KEYS))}", line=line)
        if key == "date":
            value = str(value)
            if parse_date(value) is None:
                raise ArticleError(
                    path, f"found date {value!r}, expected a real one like 2021-12-27, 2022-12 or 2022", line=line
                )
        elif key == "weekday" and (not isinstance(value, str) or weekday_name(value) is None):
            raise ArticleError(path, f"found weekday {value!r}, expected Senin to Minggu", line=line)
        if not isinstance(value, str) or not value.strip():
            raise ArticleError(path, f"found {key} = {value!r}, expected a text in quotation marks", line=line)
        values[key] = value.strip()
    return values


def sidecar_text(values: Mapping[str, str]) -> str:
    """Write a sidecar that is read back as ``values``: keys of ``KEYS`` in their usual order, no value empty.

    Raises:
        ValueError: a key that no sidecar has, an empty value, or one with white space around it.
    """
    for key, value in values.items():
        if key not in KEYS or not value or value != value.strip():
            raise ValueError(f"{key} = {value!r} cannot be read back from a sidecar")
    return "".join(f"{key} = {_quoted(values[key])}\n" for key in _ORDER if key in values)


def _quoted(value: str) -> str:
    """Return a TOML basic string: JSON's, but that TOML also wants DEL escaped."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def sidecar_date(sidecar: Mapping[str, str]) -> ArticleDate | None:
    """Return the editor's date; the weekday is kept when no day of the month is given."""
    date = parse_date(sidecar["date"]) if "date" in sidecar else None
    weekday = weekday_name(sidecar.get("weekday", ""))
    if date is None or date.day:
        return date
    return ArticleDate(date.year, date.month, None, weekday)


def sidecar_locality(sidecar: Mapping[str, str]) -> Locality | None:
    """Return the editor's place ("Kabupaten Pacitan, Jawa Timur", "Banten"); shown as written when unknown."""
    written = sidecar.get("place")
    if written is None:
        return None
    name, _, province = (part.strip() for part in written.partition(","))
    gazetteer = load_gazetteer()
    within = gazetteer.resolve(province) if province else ()
    found = gazetteer.resolve_town(name)
    places = tuple(p for p in found if any(outer.covers(p) for outer in within)) or found
    return Locality(describe(places) if places else written, places)
