"""Every sentence that a chat user reads, in one catalogue per language beside this file.

The catalogue lives in ``index`` and not in ``bot`` because ``python -m index ask`` shows the same message that the
chat does, and ``index`` may not import ``bot``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Texts:
    """The sentences of one language, looked up by dotted key: ``texts("answer.not_found", topic="...")``."""

    language: str
    sentences: Mapping[str, str]

    def __call__(self, key: str, **fields: object) -> str:
        """The sentence with its ``{fields}`` filled in.

        Raises:
            KeyError: no sentence has that key, or a field that it names is not given.
        """
        return self.sentences[key].format(**fields)


DEFAULT = "id"


@cache
def load(language: str = DEFAULT) -> Texts:
    """Read a language's catalogue (``id.toml``); nested tables become dotted keys.

    What a translation lacks is said in Indonesian: a sentence in the other language beats none.
    """
    sentences = own(DEFAULT)
    return Texts(language, sentences if language == DEFAULT else sentences | own(language))


def languages() -> frozenset[str]:
    """The languages that there is a catalogue of."""
    return frozenset(path.stem for path in Path(__file__).parent.glob("*.toml"))


def own(language: str) -> dict[str, str]:
    """What a language's own catalogue says."""
    tables = tomllib.loads((Path(__file__).parent / f"{language}.toml").read_text(encoding="utf-8"))
    return dict(_flatten(tables))


def _flatten(table: Mapping[str, object], prefix: str = "") -> list[tuple[str, str]]:
    flat: list[tuple[str, str]] = []
    for key, value in table.items():
        if isinstance(value, Mapping):
            flat += _flatten(value, f"{prefix}{key}.")
        else:
            flat.append((prefix + key, str(value).strip("\n")))
    return flat
