"""The process in which one document is read: ``python -m bot.intake.parsing_worker``, started by ``parsing.py``.

In: a line of JSON, then the document. Out: JSON, either ``{"document": {...}}`` or ``{"error": key, "fields": {...}}``.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from bot.intake.documents import read_document
from bot.intake.errors import IntakeError, TooHeavyError


def main() -> None:
    """Read standard input, write standard output."""
    head = json.loads(sys.stdin.buffer.readline())
    _limit(*head.pop("limits"))
    try:
        told: dict[str, object] = {"document": asdict(read_document(sys.stdin.buffer.read(), **head))}
    except IntakeError as error:
        told = {"error": error.key, "fields": error.fields}
    except MemoryError:
        told = {"error": TooHeavyError.key, "fields": {}}
    sys.stdout.write(json.dumps(told))


def _limit(seconds: int, memory: int) -> None:
    """Give up all that reading a document does not need, before its first byte is seen."""
    if sys.platform == "win32":
        return
    import resource

    for kind, limit in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),  # writes no file
        (resource.RLIMIT_CORE, 0),  # nor what was in memory, should it crash
    ):
        try:
            resource.setrlimit(kind, (limit, limit))
        except (ValueError, OSError):  # macOS sets no limit on memory; the others hold
            continue


if __name__ == "__main__":
    main()
