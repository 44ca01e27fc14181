"""Rows of different lengths, side by side in one array."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from index.sections import Sections


class Ragged:
    """``data[ends[n]:ends[n + 1]]`` is row ``n``."""

    def __init__(self, data: NDArray[Any], ends: NDArray[np.int64]) -> None:
        self.data, self.ends = data, ends
        self._ends = ends.data  # one number at a time, this is several times quicker

    @classmethod
    def of(cls, sections: Sections, name: str) -> Ragged:
        """What ``sections`` of that name hold."""
        return cls(sections[name], sections[f"{name}.ends"])

    @classmethod
    def made(cls, rows: Sequence[bytes], dtype: DTypeLike) -> Ragged:
        """Rows given as the bytes of their numbers."""
        size = np.dtype(dtype).itemsize
        ends = np.zeros(len(rows) + 1, dtype=np.int64)
        np.cumsum(np.fromiter((len(row) // size for row in rows), np.int64, len(rows)), out=ends[1:])
        return cls(np.frombuffer(b"".join(rows), dtype=dtype), ends)

    def sections(self, name: str) -> dict[str, NDArray[Any]]:
        """The arrays, to be saved."""
        return {name: self.data, f"{name}.ends": self.ends}

    def __len__(self) -> int:
        return len(self._ends) - 1

    def row(self, number: int) -> NDArray[Any]:
        """One row."""
        return self.data[self._ends[number] : self._ends[number + 1]]

    @property
    def lengths(self) -> NDArray[np.int64]:
        """How long each row is."""
        return np.diff(self.ends)

    @property
    def owners(self) -> NDArray[np.int32]:
        """The row that each number of ``data`` is in."""
        return np.repeat(np.arange(len(self), dtype=np.int32), self.lengths)


def joined(parts: Iterable[tuple[Ragged, int, int]], dtype: DTypeLike) -> Ragged:
    """Rows ``start`` to ``stop`` of each of several, one after the other."""
    parts = list(parts)
    data = [each.data[each.ends[start] : each.ends[stop]] for each, start, stop in parts]
    lengths = [each.lengths[start:stop] for each, start, stop in parts]
    ends = np.zeros(sum(map(len, lengths)) + 1, dtype=np.int64)
    if parts:
        np.cumsum(np.concatenate(lengths), out=ends[1:])
    return Ragged(np.concatenate(data) if parts else np.empty(0, dtype), ends)
