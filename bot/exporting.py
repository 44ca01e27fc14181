"""The query log as a table for a spreadsheet. Pure."""

from __future__ import annotations

import csv
import io
import re
import secrets
from collections.abc import Iterable
from datetime import tzinfo

from bot.privacy import ChatHasher, mask
from bot.storage.insight import LoggedRow

MOST_ROWS = 100_000
COLUMNS = ("waktu", "obrolan", "jenis_obrolan", "pertanyaan", "hasil", "artikel", "milidetik", "disunting")
# What a spreadsheet may take for a formula at the beginning of a cell, also behind white space or in full width:
# https://owasp.org/www-community/attacks/CSV_Injection
_RUNS = re.compile(r"""(^|[;|\t])(?=[ \n\xa0\u3000"]*[=+\-@＝＋－＠\t\r])""")


def as_csv(rows: Iterable[LoggedRow], zone: tzinfo) -> bytes:
    """The rows as UTF-8 with a byte order mark, which Excel needs to read it as such.

    Chats get codes that hold within this one file only: two files cannot be joined, nor one with the database.
    """
    hasher = ChatHasher(secrets.token_bytes(16))
    file = io.StringIO()
    # Line ends as RFC 4180 has them, on every system.
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(
            map(
                harmless,
                (
                    row.asked_at.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
                    hasher(row.chat_hash),
                    row.chat_kind,
                    # Masked when it was written down; by today's rules once more.
                    mask(row.question),
                    row.status,
                    row.articles,
                    str(row.milliseconds),
                    "1" if row.edited else "0",
                ),
            )
        )
    return file.getvalue().encode("utf-8-sig", errors="replace")


def harmless(cell: str) -> str:
    """The cell with an apostrophe before whatever a spreadsheet would run instead of show.

    Also behind what may part cells elsewhere: an Excel set to Indonesian parts them at semicolons, within ours, too.
    """
    return _RUNS.sub(lambda match: f"{match[1]}'", cell)
