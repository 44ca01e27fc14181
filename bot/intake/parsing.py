"""Documents of strangers are read in a process of their own, which time, memory and secrets are kept from.

Not in a thread: a thread that spins in a hostile PDF cannot be stopped, holds the interpreter's lock before every
answer, and its memory is the bot's. A process is killed, and an error in a C library ends it alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from bot.intake.documents import MAX_BYTES, Document, Kind
from bot.intake.errors import CorruptError, TooBigError, TooHeavyError, error_of

logger = logging.getLogger(__name__)

_ROOT = str(Path(__file__).parents[2])
# Answers are JSON of an article's text, at most 300 kB of it, and of what was dropped; every character may be escaped.
_MAX_ANSWER = 8_000_000
# What a process needs to start at all; the token and the hash key stay behind.
_KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "VIRTUAL_ENV")


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one document may take; an ordinary one takes 0.1 to 0.5 s and 50 MB."""

    seconds: float = 20.0
    memory: int = 400_000_000  # bytes of address space; where the system has no such limit, time alone holds


class Parser:
    """Reads one document at a time: on a small machine two at once would be one too many."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._turn = asyncio.Lock()

    async def read(
        self, data: bytes, *, name: str = "", mime: str = "", charset: str = "", url: str | None = None
    ) -> Document:
        """Read a document as ``documents.read_document`` does, within the limits.

        Raises:
            TooHeavyError: it takes longer or more memory than it may.
            IntakeError: as for ``read_document``.
        """
        if len(data) > MAX_BYTES:
            raise TooBigError(megabytes=MAX_BYTES // 1_000_000)
        head = {"name": name[:200], "mime": mime, "charset": charset, "url": url, "limits": [*self._numbers()]}
        async with self._turn:
            status, answer = await self._run(json.dumps(head).encode() + b"\n" + data)
        try:
            told = json.loads(answer)
            if "error" in told:
                raise error_of(told["error"], told["fields"])
            values = told["document"]
            return Document(**{**values, "kind": Kind(values["kind"]), "dropped": tuple(values["dropped"])})
        except (ValueError, KeyError, TypeError) as error:
            # Ended by the system, for its processor time or by a fault in a C library.
            logger.warning("a document ended its parser (status %s, %s bytes read)", status, len(data))
            raise (TooHeavyError if status < 0 else CorruptError) from error

    def _numbers(self) -> tuple[int, int]:
        return int(self._limits.seconds) + 1, self._limits.memory

    async def _run(self, given: bytes) -> tuple[int, bytes]:
        environment = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-s", "-m", "bot.intake.parsing_worker"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=_ROOT,
            env={**environment, "PYTHONPATH": _ROOT, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"},
        )
        try:
            async with asyncio.timeout(self._limits.seconds):
                answer = await _exchange(process, given)
                return await process.wait(), answer
        except TimeoutError as error:
            raise TooHeavyError from error
        finally:
            # Also when whoever waited gave up.
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()


async def _exchange(process: asyncio.subprocess.Process, given: bytes) -> bytes:
    """Hand the document over and take the answer, at most so much of it."""
    assert process.stdin is not None  # both are pipes, as asked for
    assert process.stdout is not None
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # ended early: what it answered says why
        process.stdin.write(given)
        await process.stdin.drain()
    process.stdin.close()
    answer = bytearray()
    while chunk := await process.stdout.read(1 << 16):
        answer += chunk
        if len(answer) > _MAX_ANSWER:
            raise TooHeavyError
    return bytes(answer)
