"""Named arrays in one file: written whole or not at all, checked before use, and mapped so that processes share it.

    "ARSIPIDX" | version | length and CRC-32 of the header | header (JSON) | the arrays, each at a multiple of 64 bytes

The header names each array's type, length and place, and has a CRC-32 for every 16 MiB of what follows it. All of it is
checked when the file is opened, by reading beside the map: some 2 GB a second and core, and no page stays resident.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import zlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakSet

import numpy as np
from numpy.typing import NDArray

from index.errors import SavedIndexError
from index.replacing import replacing

Sections = Mapping[str, NDArray[Any]]
"""Arrays by name, in memory or mapped from a file (then read-only)."""

VERSION = 1  # of the layout of the file; what the arrays mean is the business of ``mark``
_MAGIC = b"ARSIPIDX"
_HEAD = struct.Struct("<8sIII")
_ALIGNED = 64
_BLOCK = 16 << 20  # bytes that have a checksum of their own
_CHECKERS = 4
_MAPPED = 192 << 20  # bytes of files that a process has mapped before it lets go of them
_STATM = Path("/proc/self/statm")

_maps: WeakSet[mmap.mmap] = WeakSet()
_noting = Lock()


def write(path: Path, sections: Sections, mark: str) -> None:
    """Write arrays of one dimension to a file, in the place of one that is there; ``mark`` says what they are made by.

    Raises:
        OSError: the folder cannot be written, or the disk is full; a file that was there is as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays = {name: np.ascontiguousarray(array) for name, array in sections.items()}
    places, size = {}, 0
    for name, array in arrays.items():
        places[name] = (array.dtype.str, len(array), size)
        size += -(-array.nbytes // _ALIGNED) * _ALIGNED
    with replacing(path) as file:
        # The checksums are known last, and are as long whatever they say.
        header = _header(mark, places, size, [0] * -(-size // _BLOCK))
        file.write(header)
        for array in arrays.values():
            file.write(array.data.cast("B") if array.nbytes else b"")
            file.write(bytes(-array.nbytes % _ALIGNED))
        file.flush()
        checksums = _checksums(Path(file.name), len(header), size)
        file.seek(0)
        file.write(_header(mark, places, size, checksums))


def read(path: Path, mark: str | None) -> Sections:
    """Map the arrays of a file, all of it checked; ``None`` takes those of any mark.

    Raises:
        FileNotFoundError: there is none.
        SavedIndexError: it cannot be read, is of another version or mark, cut short, or not as it was written.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD.size)
            described = _described(path, head, file.read(_HEAD.unpack(head)[2] if len(head) == _HEAD.size else 0))
            if mark is not None and described["mark"] != mark:
                raise SavedIndexError(path, "found an index made by other rules or another version of the program")
            start, size = _HEAD.size + _HEAD.unpack(head)[2], described["size"]
            found = os.fstat(file.fileno()).st_size
            if found != start + size:
                raise SavedIndexError(path, f"found {found:,} bytes, expected {start + size:,}")
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        for number, (is_, expected) in enumerate(
            zip(_checksums(path, start, size), described["checksums"], strict=True)
        ):
            if is_ != expected:
                first = start + number * _BLOCK
                raise SavedIndexError(path, f"found a wrong checksum between bytes {first:,} and {first + _BLOCK:,}")
    except FileNotFoundError:
        raise
    except OSError as error:
        raise SavedIndexError(path, f"cannot be read ({error.strerror})") from error
    with _noting:
        _maps.add(mapped)
    return {
        name: np.frombuffer(mapped, dtype, count, start + offset) if count else np.empty(0, dtype)
        for name, (dtype, count, offset) in described["sections"].items()
    }


def let_go() -> None:
    """Count pages of mapped files as this process's no longer, once there are many; the next look finds them in memory.

    Each look at a few bytes maps what is around them, 64 KiB or as much as 2 MiB, as the system happens to have it in
    memory: a few hundred questions would make most of a large file part of a process. Cheap enough for each step of a
    question (1 µs, 10 where files are large). Where there is no /proc, it is for the system alone to take pages back.
    """
    with _noting:
        # All of them: pages of an archive that is kept for a return would leave the live one few.
        every = list(_maps)
    if sum(map(len, every)) <= _MAPPED or not hasattr(mmap, "MADV_DONTNEED"):
        return
    try:
        with _STATM.open("rb", buffering=0) as file:
            pages = int(file.read().split()[2])  # of files, those of libraries among them
    except OSError:
        return
    if pages * mmap.PAGESIZE > _MAPPED:
        for each in every:
            each.madvise(mmap.MADV_DONTNEED)


def _header(mark: str, places: Mapping[str, tuple[str, int, int]], size: int, checksums: list[int]) -> bytes:
    fixed = [f"{each:08x}" for each in checksums]
    text = json.dumps({"mark": mark, "size": size, "sections": places, "checksums": fixed}).encode()
    text += b" " * (-(_HEAD.size + len(text)) % _ALIGNED)
    return _HEAD.pack(_MAGIC, VERSION, len(text), zlib.crc32(text)) + text


def _described(path: Path, head: bytes, text: bytes) -> dict[str, Any]:
    if len(head) < _HEAD.size or not head.startswith(_MAGIC):
        raise SavedIndexError(path, "found no index of an archive")
    _, version, length, checksum = _HEAD.unpack(head)
    if version != VERSION:
        raise SavedIndexError(path, f"found format {version}, expected {VERSION}")
    if len(text) < length or zlib.crc32(text) != checksum:
        raise SavedIndexError(path, "found a damaged header")
    described: dict[str, Any] = json.loads(text)
    described["checksums"] = [int(each, 16) for each in described["checksums"]]
    return described


def _checksums(path: Path, start: int, size: int) -> list[int]:
    """The CRC-32 of each block of ``size`` bytes from ``start`` on."""

    def one(at: int) -> int:
        checksum, left = 0, min(_BLOCK, size - at)
        buffer = memoryview(bytearray(min(left, 1 << 20)))
        with path.open("rb", buffering=0) as file:
            file.seek(start + at)
            while left and (got := file.readinto(buffer[: min(left, len(buffer))])):
                checksum, left = zlib.crc32(buffer[:got], checksum), left - got
        return checksum

    with ThreadPoolExecutor(_CHECKERS) as pool:  # reading and CRC-32 both leave the interpreter to others
        return list(pool.map(one, range(0, size, _BLOCK)))
