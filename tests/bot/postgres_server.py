"""A real PostgreSQL server for tests: found on this machine, started once per test process, a new database per test."""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

from bot.database_url import Server

MISSING = (
    "no PostgreSQL server on this machine (looked for `initdb` and `postgres` on PATH and in /usr/lib/postgresql): "
    "apt-get install postgresql"
)
# Of tests only: what a power cut would lose, they have no use for.
_QUICK = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "shared_buffers": "16MB",
          "max_wal_senders": "0", "wal_level": "minimal", "autovacuum": "off", "jit": "off"}  # fmt: skip
PASSWORD = "s3cret-of-tests"


def programs() -> Path | None:
    """The folder of ``initdb`` and ``postgres``; ``None`` where there is none."""
    on_path = shutil.which("postgres")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((each for each in folders if (each / "initdb").exists() and (each / "postgres").exists()), None)


class PostgresServer:
    """One server on a socket in a folder of its own; ``stop`` and ``start`` are what an operator does to it.

    ``follows`` is one that it is a hot standby of.
    """

    def __init__(self, folder: Path, follows: PostgresServer | None = None, **options: str) -> None:
        found = programs()
        assert found is not None, MISSING
        self._programs, self.folder = found, folder
        self._options = {**_QUICK, **options}
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = itertools.count(1)
        # PostgreSQL refuses to run as root.
        self._user = next((name for name in ("postgres", "nobody") if _exists(name)), None) if _is_root() else None
        if self._user:
            shutil.chown(folder, self._user)
        if follows is None:
            self._run("initdb", "-D", "data", "-A", "trust", "-U", "bot", "--no-sync", "--no-locale", "-E", "UTF8")
        else:
            self._run("pg_basebackup", "-h", str(follows.folder), "-U", "bot", "-D", "data", "-R", "-c", "fast", "-N")

    def server(self, database: str = "postgres") -> Server:
        """Where a database of it is, as ``DATABASE_URL`` would say; any password is taken."""
        return Server(f"postgresql://bot:{PASSWORD}@/{database}?host={self.folder}")

    def start(self, **options: str) -> None:
        """Start it, with ``options`` over those that it was made with."""
        settings = {**self._options, **options, "listen_addresses": "", "unix_socket_directories": str(self.folder)}
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self.folder / "data", *arguments],
                stdout=log, stderr=log, cwd=self.folder, user=self._user, group=_group(self._user),
                extra_groups=[] if self._user else None, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self.server().url).close()
            except psycopg.OperationalError:
                told = (self.folder / "log").read_text(errors="replace")[-2000:]
                assert self._process.poll() is None, told
                assert time.monotonic() < deadline, told
                time.sleep(0.02)
            else:
                self._version = int(str(self.execute("SHOW server_version_num")[0][0]))
                return

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it: SIGINT drops whoever is connected (a "fast" shutdown), SIGQUIT is as good as a crash."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(how)
            self._process.wait(30)
            self._process = None

    def pause(self) -> None:
        """Let every process of it hang, as a machine that swaps itself to death does, until ``resume``."""
        self._signal_all(signal.SIGSTOP)

    def resume(self) -> None:
        """Go on."""
        self._signal_all(signal.SIGCONT)

    def database(self, template: str = "template0") -> Server:
        """A new database."""
        name = f"test_{next(self._numbers)}"
        quickly = "STRATEGY FILE_COPY" if self._version >= 150000 else ""  # the only way before version 15
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} {quickly}")
        return self.server(name)

    def execute(self, statement: str, database: Server | None = None) -> list[tuple[object, ...]]:
        """Run a statement beside whatever is tested."""
        with psycopg.connect((database or self.server()).url, autocommit=True) as connection:
            cursor = connection.execute(statement)  # type: ignore[call-overload]
            return cursor.fetchall() if cursor.description else []

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._programs / program, *arguments], cwd=self.folder, capture_output=True, text=True, check=False,
            user=self._user, group=_group(self._user), extra_groups=[] if self._user else None,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    def _signal_all(self, number: signal.Signals) -> None:
        assert self._process is not None
        leader = self._process.pid
        children = Path(f"/proc/{leader}/task/{leader}/children").read_text(encoding="ascii").split()
        for process in (leader, *map(int, children)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)


@contextlib.contextmanager
def running(follows: PostgresServer | None = None, **options: str):
    """A server that is started, and gone at the end; see ``PostgresServer``."""
    # Not below pytest's own folder, which only its owner may enter; and a socket's path must be short.
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        Path(folder).chmod(0o755)
        server = PostgresServer(Path(folder), follows, **options)
        server.start()
        try:
            yield server
        finally:
            server.stop(signal.SIGQUIT)


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _group(user: str | None) -> int | None:
    return pwd.getpwnam(user).pw_gid if user else None
