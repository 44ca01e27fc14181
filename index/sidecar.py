"""What an editor wrote about an article, in ``x.toml`` beside ``x.txt``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from index.article import ArticleDate, Locality
from index.dates import parse_date, weekday_name
from index.errors import ArticleError
from index.places import describe, load_gazetteer

KEYS = frozenset({"title", "outlet", "place", "date", "weekday", "url", "source", "note"})
_LINE = re.compile(r"\(at line (\d+)")


def read_sidecar(path: Path) -> dict[str, str]:
    """Read a sidecar's values, all of them texts; a missing file is an empty sidecar.

    Raises:
        ArticleError: not UTF-8, not TOML, an unknown key, a value that is no text, or an impossible date.

    """
    try:
        source = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        raise ArticleError(path, "found bytes that are not UTF-8, expected a TOML file in UTF-8") from error
    except OSError as error:
        raise ArticleError(
            path, f"found a file that cannot be read ({error.strerror}), expected a TOML file"
        ) from error
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
