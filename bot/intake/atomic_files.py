"""Files that are there whole or not at all, also after the power went."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path


def stage(path: Path, data: bytes) -> Path:
    """Write ``data`` to the disk beside ``path``, under a hidden name; returns where, for ``put``."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=STAGED)
    staged = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        staged.unlink(missing_ok=True)
        raise
    return staged


STAGED = ".staged"


def put(staged: Path, path: Path) -> None:
    """Put a staged file in the place of ``path``, in one step."""
    staged.replace(path)
    settle(path.parent)


def settle(folder: Path) -> None:
    """Bring to the disk what a folder's files are called."""
    if os.name == "nt":  # which has no way to, and does it by itself
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some file systems know no such thing
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
