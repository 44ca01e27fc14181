"""A page's text as a reader sees it, with the way back to the text as it is.

Pages copied from a browser or a content system hold zero-width characters, no-break spaces, HTML entities and stray
tags. Quotations keep them to the letter, but rules about titles or datelines must not trip over them: they look at
``Plain.text`` and translate what they find with ``start`` and ``end``.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right

# Zero-width and direction marks, soft hyphen, BOM (Unicode general category Cf): invisible, dropped.
_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\v\f"
_BREAKS = "\r\n|[\r\u0085\u2028\u2029]"
_BLOCK_TAG = r"</?(?:p|br|div|li|ul|ol|h[1-6]|tr|table|blockquote|section|article|figure|figcaption)\b[^<>]{0,200}>"
_UNUSUAL = re.compile(
    rf"(?P<invisible>[{_INVISIBLE}]+)|(?P<space>[{_SPACES}])|(?P<newline>{_BREAKS})"
    r"|(?P<entity>&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8}\d{0,2});)"
    r"|(?P<code><(?P<language>script|style)\b[^<>]{0,300}>[^<]{0,5000}</(?P=language)>)"
    rf"|(?P<block>{_BLOCK_TAG})|(?P<tag></?[a-zA-Z][^<>]{{0,200}}>)",
    re.IGNORECASE,
)
# What these begin with: the engine looks for one of some characters many times as fast as it tries each in turn.
_FIRST = re.compile(rf"[{_INVISIBLE}{_SPACES}\r\u0085\u2028\u2029&<]")
_IS_INVISIBLE = re.compile(f"[{_INVISIBLE}]")


class Plain:
    """``text`` is what a reader sees of ``source``; ``start`` and ``end`` map its offsets back.

    Building it takes one pass over the source; a lookup is logarithmic in the number of replaced stretches.
    """

    __slots__ = ("_origins", "_starts", "source", "text")

    def __init__(self, source: str) -> None:
        self.source = source
        parts: list[str] = []
        # Breakpoints: the plain offset _starts[i] comes from the source offset _origins[i].
        self._starts: list[int] = [0]
        self._origins: list[int] = [0]
        length = done = 0
        first = _FIRST.search(source)
        while first:
            start = first.start()
            found = _UNUSUAL.match(source, start)
            end = found.end() if found else start + 1
            if found:
                shown = _shown(found)
                kept = source[done:start]
                parts += (kept, shown)
                length += len(kept)
                if shown:
                    self._mark(length, start)
                    length += len(shown)
                self._mark(length, end)
                done = end
            first = _FIRST.search(source, end)
        parts.append(source[done:])
        self.text = "".join(parts)

    def _mark(self, plain: int, origin: int) -> None:
        if self._starts[-1] == plain:
            self._origins[-1] = origin
        else:
            self._starts.append(plain)
            self._origins.append(origin)

    def start(self, offset: int) -> int:
        """Return the source offset where the plain character at ``offset`` begins."""
        if len(self._starts) == 1:
            return min(self._origins[0] + offset, len(self.source))
        at = bisect_right(self._starts, offset) - 1
        return min(self._origins[at] + offset - self._starts[at], len(self.source))

    def end(self, offset: int) -> int:
        """Return the source offset just after the plain character before ``offset`` (so an entity is taken whole)."""
        if offset <= 0:
            return 0
        last = self.start(offset - 1)
        unusual = _UNUSUAL.match(self.source, last) if _FIRST.match(self.source, last) else None
        return unusual.end() if unusual else last + 1


def _shown(found: re.Match[str]) -> str:
    """Return what a reader sees of an unusual stretch: nothing, or exactly one character."""
    match found.lastgroup:
        case "space":
            return " "
        case "newline" | "block":
            return "\n"
        case "entity":
            character = html.unescape(found[0])
            if len(character) != 1:
                return found[0][0]  # not an entity after all, or a rare pair: show its ampersand
            if character.isspace():
                return " "
            return "" if _IS_INVISIBLE.match(character) else character
        case _:
            return ""
