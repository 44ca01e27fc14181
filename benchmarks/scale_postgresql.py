"""An archive on a PostgreSQL server beside the same one in memory: loading, size, memory, ranking, whole questions.

    python benchmarks/scale_postgresql.py [--sizes 10000 100000 1000000] [--sql 10000 100000]

Run from the root of the project, with PostgreSQL's programs on this machine: a server of its own is started, on a
socket, with fsync. The archives are those of `benchmarks/scale.py archive`, and so are the questions; each way is in a
process of its own. "first" is each question for the first time, "again" the same ones once more, when postings and
articles that were fetched are kept.

`--sql` leaves the arithmetic to the server instead, for the sizes given: exact BM25 in one statement, over plain rows
(a posting each) and over arrays of up to 4,096 postings. It is why this program fetches postings and adds up itself.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import scale

sys.path.insert(0, str(Path("tests/bot").resolve()))

ASKED, PARTITIONS, ARRAY = 200, 8, 4096


class Counting:
    """A bulk, and what is asked of it."""

    def __init__(self, bulk: Any) -> None:
        self._bulk, self.fetches, self.bytes = bulk, 0, 0

    def blocks(self, kind: int, terms: list[int]) -> Any:
        return self._counted(self._bulk.blocks(kind, terms), lambda row: len(row[2]) + len(row[3]))

    def articles(self, numbers: list[int]) -> Any:
        return self._counted(self._bulk.articles(numbers), lambda row: sum(map(len, row[1])))

    def _counted(self, rows: Any, size: Any) -> Any:
        self.fetches += 1
        self.bytes += sum(map(size, rows))
        return rows


def asked() -> list:
    from index.evaluation import read_cases

    cases = [case for path in sorted(Path("tests/golden").glob("seeds-*.jsonl")) for case in read_cases(path)]
    return random.Random(2).sample(cases, ASKED)


def queries(archive: Any, cases: list) -> list[tuple[dict[str, float], Any]]:
    read = [archive.read(case.question) for case in cases]
    return [(archive._answerer._query(each), each.asked_places) for each in read if each.concepts or each.places]


def report(archive: Any, counting: Counting | None) -> None:
    cases = asked()
    ranked, ranker = queries(archive, cases), archive._answerer._ranker

    def rank(query: tuple[dict[str, float], Any]) -> object:
        return ranker.rank(query[0], scale.BEST, share=0.5, places=query[1])

    for which in ("first", "again"):
        before = (counting.fetches, counting.bytes) if counting else (0, 0)
        print(f"    ask  {which} {scale.timed(lambda case: archive.ask(case.question, case.previous), cases)}")
        if counting:
            fetches, size = counting.fetches - before[0], counting.bytes - before[1]
            print(f"         {fetches / len(cases):.1f} fetches and {size / len(cases) / 1024:,.0f} KiB a question")
    print(f"    rank again {scale.timed(rank, ranked)}")
    print(f"    {scale.shown(scale.resident())}", flush=True)


def in_memory(folder: Path, data: Path) -> None:
    from index.archive import Archive

    start = time.perf_counter()
    archive = Archive.open(folder, cache=data)
    print(f"  in memory: opened in {time.perf_counter() - start:.1f} s", flush=True)
    report(archive, None)


def on_the_server(folder: Path, data: Path, url: str) -> None:
    from bot.apart import apart
    from bot.database_url import Server
    from bot.settings import Settings
    from index.archive import Archive

    start = time.perf_counter()
    settings = Settings(database=Server(url), archive_in="database", data_dir=data)
    archive = apart(settings, Archive.open(folder, cache=data))
    print(f"  on the server: opened in {time.perf_counter() - start:.1f} s", flush=True)
    counting = None
    for fetched in (archive._index.documents.forward, archive._index.documents._by_passage.fetched):
        counting = fetched._bulk = counting or Counting(fetched._bulk)
    report(archive, counting)
    # Ranking alone, with nothing kept from before.
    ranker = archive._index.ranker
    fetched = archive._index.documents._by_passage.fetched

    def rank(query: tuple[dict[str, float], Any]) -> object:
        fetched._kept.clear()
        fetched._last.clear()
        fetched._size = 0
        return ranker.rank(query[0], scale.BEST, share=0.5, places=query[1])

    print(f"    rank first {scale.timed(rank, queries(archive, asked()))}", flush=True)


def load(folder: Path, data: Path, url: str) -> None:
    from bot.apart import apart
    from bot.database_url import Server
    from bot.settings import Settings
    from index.archive import Archive

    archive = Archive.open(folder, cache=data)
    start = time.perf_counter()
    apart(Settings(database=Server(url), archive_in="database", data_dir=data), archive)
    took = time.perf_counter() - start
    with psycopg.connect(url) as connection:
        ((size,),) = connection.execute(
            "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relname ~ '^archive_[0-9]'"
        )
    light = sum(path.stat().st_size for path in (data / "index").glob("*.light"))
    print(
        f"  loaded in {took:.1f} s: {float(size) / 2**20:,.0f} MiB of tables, {light / 2**20:,.0f} MiB beside each "
        f"process; peak {scale.peak()} MiB",
        flush=True,
    )


# -- the server's own arithmetic --------------------------------------------------------------------------------------

_ROWS = "SELECT q.*, r.doc, r.tf, r.len FROM r JOIN q USING (term, kind) WHERE r.term = ANY(%(terms)s)"
_ARRAYS = """SELECT q.*, u.doc, u.tf, u.len
    FROM (SELECT * FROM a WHERE term = ANY(%(terms)s)) a JOIN q USING (term, kind),
    unnest(a.docs, a.tfs, a.lens) u(doc, tf, len)"""
# A passage that holds no word counts when its article does: of those, only the best articles' can be among the best.
_SCORED = """
WITH q AS MATERIALIZED (SELECT * FROM unnest(%(terms)s::int4[], %(kinds)s::int2[], %(weights)s::float8[],
                                             %(slopes)s::float8[]) q(term, kind, weight, slope)),
 hit AS MATERIALIZED (SELECT kind, doc, weight * tf * 1.8 / (tf + 0.4 + slope * len) AS s FROM ({}) held),
 own AS (SELECT doc, sum(s) AS s FROM hit WHERE kind = 0 GROUP BY doc),
 article AS (SELECT doc, sum(s) AS s FROM hit WHERE kind = 1 GROUP BY doc),
 best AS (SELECT doc FROM article ORDER BY s DESC, doc LIMIT 15),
 pool AS (SELECT doc FROM own UNION SELECT p.doc FROM best JOIN p ON p.article = best.doc)
SELECT pool.doc, coalesce(own.s, 0) + 0.5 * coalesce(article.s, 0) AS s
FROM pool JOIN p USING (doc) LEFT JOIN own ON own.doc = pool.doc LEFT JOIN article ON article.doc = p.article
ORDER BY 2 DESC, 1 LIMIT 15"""


def in_sql(folder: Path, data: Path, url: str) -> None:
    from index.archive import Archive

    archive = Archive.open(folder, cache=data)
    sections, ranker, find = archive.sections, archive._index.ranker, archive._index.documents.vocabulary.find
    with psycopg.connect(url, autocommit=True, prepare_threshold=None) as connection:
        connection.execute("CREATE TABLE p (doc int PRIMARY KEY, article int)")
        first = sections["first"]
        owners = np.repeat(np.arange(len(first) - 1), np.diff(first))
        _copy(connection, "p", ["int4", "int4"], enumerate(owners.tolist()))
        connection.execute("CREATE INDEX ON p (article)")
        types = {"r": ("int4", "int2", "int2"), "a": ("int4[]", "int2[]", "int2[]")}
        names = {"r": "doc int, tf int2, len int2", "a": "docs int4[], tfs int2[], lens int2[]"}
        for table, columns in names.items():
            start = time.perf_counter()
            connection.execute(f"CREATE TABLE {table} (term int, kind int2, {columns}) PARTITION BY HASH (term)")
            for part in range(PARTITIONS):
                connection.execute(
                    f"CREATE TABLE {table}_{part} PARTITION OF {table} FOR VALUES WITH (MODULUS {PARTITIONS},"
                    f" REMAINDER {part})"
                )
            _copy(connection, table, ["int4", "int2", *types[table]], _postings(sections, single=table == "r"))
            include = " INCLUDE (doc, tf, len)" if table == "r" else ""
            connection.execute(f"CREATE INDEX ON {table} (term, kind){include}")
            ((size,),) = connection.execute(
                f"SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = '{table}'::regclass"
            )
            took = time.perf_counter() - start
            print(f"  {table}: loaded in {took:.1f} s, {float(size) / 2**20:,.0f} MiB", flush=True)
        connection.execute("VACUUM ANALYZE")
        connection.execute("SET enable_nestloop = off")  # which is guessed wrongly for what is grouped here
        ranked = [(query, places) for query, places in queries(archive, asked()) if not places][:40]
        for name, held in (("rows", _ROWS), ("arrays", _ARRAYS)):

            def rank(query: tuple[dict[str, float], Any], held: str = held) -> list:
                values: dict[str, list] = {"terms": [], "kinds": [], "weights": [], "slopes": []}
                for kind, index in enumerate((ranker._passages, ranker._articles)):
                    for term, weight in query[0].items():
                        if (number := find(term)) >= 0:
                            row = (number, kind, weight * float(index.idf[number]), 0.4 / index.avgdl)
                            for column, value in zip(values.values(), row, strict=True):
                                column.append(value)
                return connection.execute(_SCORED.format(held), values).fetchall()

            for query in ranked[:10]:
                exact = ranker.rank(query[0], scale.BEST, share=0.5).passages
                assert np.allclose([each.score for each in exact], [s for _, s in rank(query)], rtol=0, atol=1e-9)
            print(f"    rank in SQL, {name:6} {scale.timed(rank, ranked)}", flush=True)


def _copy(connection: psycopg.Connection, table: str, types: list[str], rows: Any) -> None:
    with connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)


def _postings(sections: Any, *, single: bool) -> Iterator[tuple]:
    for kind, name in enumerate(("by_passage", "by_article")):
        starts, ids, counts, lengths = (sections[f"{name}.{part}"] for part in ("starts", "ids", "counts", "lengths"))
        for term in range(len(starts) - 1):
            for at in range(starts[term], starts[term + 1], ARRAY):
                part = slice(at, min(at + ARRAY, starts[term + 1]))
                row = (ids[part].tolist(), counts[part].tolist(), np.minimum(lengths[ids[part]], 32767).tolist())
                if single:
                    yield from ((term, kind, *each) for each in zip(*row, strict=True))
                else:
                    yield (term, kind, *row)


STEPS = {"load": load, "server": on_the_server, "sql": in_sql}


def whole(size: int, *, sql: bool) -> None:
    from postgres_server import running

    from bot.storage import Storage

    with (
        tempfile.TemporaryDirectory() as scratch,
        running(
            fsync="on", synchronous_commit="on", full_page_writes="on", autovacuum="on", shared_buffers="512MB",
            work_mem="64MB", wal_level="replica", max_wal_size="4GB",
        ) as server,
    ):  # fmt: skip
        folder, data = Path(scratch, "articles"), Path(scratch, "data")
        folder.mkdir()
        place = server.database()

        async def migrate() -> None:
            await (await Storage.open(place)).close()

        asyncio.run(migrate())
        subprocess.run([sys.executable, scale.__file__, "step", "make", str(size), str(folder), str(data)], check=True)
        for step in ("load", "memory", "server", *(["sql"] if sql else [])):
            command = [sys.executable, __file__, "--step", step, str(folder), str(data), place.url]
            subprocess.run(command, check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000, 1_000_000], help="passages")
    parser.add_argument("--sql", type=int, nargs="*", default=[], help="of these sizes, also by the server itself")
    parser.add_argument("--step", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        step, folder, data, url = options.step
        paths = Path(folder), Path(data)
        in_memory(*paths) if step == "memory" else STEPS[step](*paths, url)
        return
    for size in options.sizes:
        whole(size, sql=size in options.sql)


if __name__ == "__main__":
    main()
