"""Small writes of several stores in one transaction: a commit, and a sync, costs the same for one as for all."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import StorageError
from bot.storage.database import Database, Row, Step, Value, Values


@dataclass(slots=True, eq=False)
class _Write:
    """A step of a table's, and what waits for it: the rows that it returns."""

    result: asyncio.Future[list[Row]]
    table: str
    step: Step
    durable: bool


class Batches:
    """Takes writes in while others are on their way to the disk, and commits those together next.

    What fails does so for its own table: when a batch of several tables fails, each is tried by itself.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._writes: list[_Write] = []
        self._writer: asyncio.Task[None] | None = None

    async def write(self, table: str, statement: str, rows: Sequence[Values], *, durable: bool = False) -> None:
        """One statement for each of ``rows``, committed when the call returns; ``durable`` as for a transaction.

        Raises:
            StorageError: it was not.
        """
        await self._together(table, Step(statement, rows), durable=durable)

    async def read(self, table: str, statement: str, *values: Value, durable: bool = False) -> list[Row]:
        """The rows that a statement which also writes returns, committed when the call returns.

        Raises:
            StorageError: it was not.
        """
        return await self._together(table, Step(statement, (values,), returning=True), durable=durable)

    async def _together(self, table: str, step: Step, *, durable: bool) -> list[Row]:
        write = _Write(asyncio.get_running_loop().create_future(), table, step, durable)
        self._writes.append(write)
        if self._writer is None or self._writer.done():
            # A task of its own: whoever waits may be cancelled, and the others' writes go on.
            self._writer = asyncio.create_task(self._write_all(), name="storage")
        return await write.result

    async def _write_all(self) -> None:
        while self._writes:
            batch, self._writes = self._writes, []
            try:
                failure = await self._commit(batch)
                tables = dict.fromkeys(write.table for write in batch)
                if failure is not None and len(tables) > 1:
                    for table in tables:
                        alone = [write for write in batch if write.table == table]
                        _fail(alone, await self._commit(alone))
                else:
                    _fail(batch, failure)
            except BaseException as error:
                _fail(batch, StorageError(type(error).__name__))
                raise

    async def _commit(self, batch: Sequence[_Write]) -> StorageError | None:
        """Commit writes and hand out their results; or why it was not done."""
        steps = [write.step for write in batch if write.step.returning]
        # Each statement once for all its rows.
        for statement in dict.fromkeys(write.step.statement for write in batch if not write.step.returning):
            same = (write.step.rows for write in batch if write.step.statement == statement)
            steps.append(Step(statement, [row for rows in same for row in rows]))
        try:
            returned = await self._database.commit(steps, durable=any(write.durable for write in batch))
        except StorageError as error:
            return error
        except Exception as error:  # noqa: BLE001 - a value that no database takes, and others wait for theirs
            return StorageError(f"{type(error).__name__}: {error}")
        given = iter(returned)
        for write in batch:
            rows = next(given) if write.step.returning else []
            if not write.result.done():
                write.result.set_result(rows)
        return None


def _fail(batch: Sequence[_Write], failure: StorageError | None) -> None:
    for write in batch:
        if failure is not None and not write.result.done():
            write.result.set_exception(failure)
