"""Files that are there whole or not at all, also when writing them fails half-way."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A new file beside ``path``, to write and read, that is on the disk and in its place when the block ends.

    Its name begins with that of ``path`` and a dot. When the block or the disk fails, what was at ``path`` stays, and
    nothing is left of the new file.
    """
    with tempfile.NamedTemporaryFile("w+b", dir=path.parent, prefix=f"{path.name}.", delete=False) as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
