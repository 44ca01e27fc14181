"""Archives that one replica has built for all: announced, fetched piece by piece, and put in place by all at once."""

from __future__ import annotations

from dataclasses import dataclass

from bot.storage.database import Database

# A statement has seconds: pieces of a file are small enough for a slow line.
PIECE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class SharedArchive:
    """One of them. ``form`` says who can read its file, ``digest`` is the file's SHA-256, "" without one.

    ``holding`` is a code of its articles; ``placed`` once every replica is to answer from it.
    """

    number: int
    builder: str
    form: str
    digest: str
    holding: str
    placed: bool


class ArchiveStore:
    """The tables ``archives``, ``archive_pieces`` and ``archive_holders``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(self) -> SharedArchive | None:
        """The last that was announced."""
        row = await self._database.read_one(
            "SELECT number, builder, form, digest, holding, placed FROM archives ORDER BY number DESC LIMIT 1"
        )
        return SharedArchive(*row) if row else None

    async def begin(self) -> int:
        """A number for the next one, with no piece of it there yet. One replica at a time."""
        ((number,),) = await self._database.read("SELECT coalesce(max(number), 0) + 1 FROM archives")
        await self._database.write("DELETE FROM archive_pieces WHERE archive >= ?", number)
        return int(number)

    async def add_piece(self, number: int, piece: int, content: bytes) -> None:
        """Keep a piece of the file of one that is not announced yet."""
        await self._database.write(
            "INSERT INTO archive_pieces (archive, piece, content) VALUES (?, ?, ?)",
            number,
            piece,
            content,
        )

    async def piece(self, number: int, piece: int) -> bytes | None:
        """A piece; ``None`` after the last one, or when a newer archive has taken its place."""
        row = await self._database.read_one(
            "SELECT content FROM archive_pieces WHERE archive = ? AND piece = ?", number, piece
        )
        return bytes(row[0]) if row else None

    async def announce(self, archive: SharedArchive) -> None:
        """Let the others fetch it; on the disk. Those before it are forgotten, as nobody needs them any more."""
        async with self._database.transaction(durable=True) as transaction:
            await transaction.write(
                "INSERT INTO archives (number, builder, form, digest, holding, placed) VALUES (?, ?, ?, ?, ?, ?)",
                archive.number,
                archive.builder,
                archive.form,
                archive.digest,
                archive.holding,
                archive.placed,
            )
            await transaction.write("DELETE FROM archive_pieces WHERE archive < ?", archive.number)
            await transaction.write("DELETE FROM archives WHERE number < ?", archive.number)

    async def hold(self, number: int, replica: str) -> None:
        """Say that a replica has it at hand."""
        await self._database.write(
            "INSERT INTO archive_holders (archive, replica) SELECT number, ? FROM archives WHERE number = ?"
            " ON CONFLICT DO NOTHING",
            replica,
            number,
        )

    async def awaited(self, number: int) -> list[str]:
        """The replicas that do not have it at hand yet."""
        rows = await self._database.read(
            "SELECT id FROM replicas WHERE id NOT IN (SELECT replica FROM archive_holders WHERE archive = ?)", number
        )
        return [name for (name,) in rows]

    async def place(self, number: int) -> None:
        """Have every replica answer from it."""
        async with self._database.transaction(durable=True) as transaction:
            await transaction.write("UPDATE archives SET placed = TRUE WHERE number = ?", number)
