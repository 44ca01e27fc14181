"""What every store is given: an open database that reads and writes, whichever engine is behind it.

Statements are written once, with ``?`` for values, in the SQL that SQLite and PostgreSQL share.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

Value = str | int | float | bytes | None
Row = tuple[Any, ...]
Values = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One statement for each of ``rows``; ``returning`` when the rows that it returns are wanted, of one only."""

    statement: str
    rows: Sequence[Values]
    returning: bool = False


class Transaction(ABC):
    """Statements that take effect together or not at all; begun by ``Database.transaction``."""

    @abstractmethod
    async def read(self, statement: str, *values: Value) -> list[Row]:
        """Every row."""

    @abstractmethod
    async def write(self, statement: str, *values: Value) -> int:
        """How many rows were changed."""

    @abstractmethod
    async def write_many(self, statement: str, rows: Iterable[tuple[Value, ...]]) -> int:
        """One statement for each of ``rows``; how many rows were changed."""


class Database(ABC):
    """An open database, at the newest schema version. Every statement that fails is a ``StorageError``."""

    @abstractmethod
    async def read(self, statement: str, *values: Value) -> list[Row]:
        """Every row."""

    async def read_one(self, statement: str, *values: Value) -> Row | None:
        """The first row."""
        rows = await self.read(statement, *values)
        return rows[0] if rows else None

    @abstractmethod
    async def write(self, statement: str, *values: Value) -> int:
        """One statement, committed after those written before it; how many rows it changed."""

    @abstractmethod
    def transaction(self, *, durable: bool = False) -> AbstractAsyncContextManager[Transaction]:
        """Statements committed together at the end of the block, or undone when it raises.

        Nothing but this transaction's own statements in the block, and no ``write`` or second ``transaction``:
        with SQLite everything else that writes waits meanwhile.

        Args:
            durable: on the disk before the block is left, so that not even a power cut undoes it. Costs a sync.
        """

    async def commit(self, steps: Sequence[Step], *, durable: bool = False) -> list[list[Row]]:
        """Steps that take effect together or not at all; what the returning ones return, in order.

        Cheaper than a ``transaction`` where no step depends on what another one finds.
        """
        returned = []
        async with self.transaction(durable=durable) as transaction:
            for step in steps:
                if step.returning:
                    returned.append(await transaction.read(step.statement, *step.rows[0]))
                else:
                    await transaction.write_many(step.statement, step.rows)
        return returned

    @abstractmethod
    async def check(self) -> None:
        """Read from the database, to see that it can be read.

        Raises:
            StorageError: it cannot.
        """

    @abstractmethod
    async def scrub(self) -> None:
        """Take what was deleted out of the engine's files, too, as far as the engine can be told to."""

    @abstractmethod
    async def close(self) -> None:
        """Close the database; nothing can be stored after."""
