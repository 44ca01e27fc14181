"""What a question costs the whole of ``python -m bot``: from the update to the reply, and what the process uses.

    python benchmarks/whole_bot.py [--rates 50 100 200] [--seconds 10] [--modes polling webhook] [--seeds DIR]

The bot runs in a process of its own, with its database on the disk, and is asked over HTTP by a Bot API double in this
one: at a steady rate, each time another person, and another of the practice questions over the seeds. Latency is from
the moment a question is asked to the arrival of its answer; where the bot does not keep up it grows with ``--seconds``.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import os
import signal
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from wire_clients import TOKEN
from wire_double import Double

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = ROOT / "tests" / "golden"
QUESTIONS = ("seeds-dev", "seeds-practice", "seeds-practice-b", "seeds-practice-c")
MODES = ("polling", "webhook")
SECRET = "measured"
WARM_UP_SECONDS, LONGEST_START_SECONDS, LONGEST_END_SECONDS = 4.0, 60.0, 15.0
WIDTHS = (11, 11, 9, 9, 9, 9, 9, 6)
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Usage:
    """Of a process since its start, all threads: seconds of CPU. And MB of memory now."""

    user: float
    system: float
    memory: float

    @classmethod
    def of(cls, process: int) -> Usage:
        """See https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html."""
        times = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        memory = Path(f"/proc/{process}/status").read_text().partition("VmRSS:")[2].split()[0]
        return cls(int(times[11]) / TICKS, int(times[12]) / TICKS, int(memory) / 1024)


def questions() -> list[str]:
    """The practice questions over the seeds, each once."""
    lines = [line for name in QUESTIONS for line in (GOLDEN / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    return list(dict.fromkeys(json.loads(line)["question"] for line in lines if line.strip()))


@contextlib.asynccontextmanager
async def asked(double: Double, mode: str, seeds: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """The bot's process, which the double asks for as long as the block lasts."""
    runner = await double.serve()
    settings = {
        "BOT_TOKEN": TOKEN,
        "BOT_API_URL": f"http://127.0.0.1:{runner.addresses[0][1]}",
        "SEEDS_DIR": str(seeds),
        "LOG_LEVEL": "WARNING",
        "PYTHONPATH": str(ROOT),
        "NO_PROXY": "127.0.0.1",
    }
    deliveries: asyncio.Task[None] | None = None
    if mode == "webhook":
        port = str(free_port())
        address = f"http://127.0.0.1:{port}/hook"
        settings |= {"PORT": port, "WEBHOOK_URL": address, "WEBHOOK_SECRET": SECRET}
        deliveries = asyncio.create_task(double.deliver(address, SECRET))
    with tempfile.TemporaryDirectory() as folder:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", env={**os.environ, **settings, "DATA_DIR": folder}, cwd=ROOT
        )
        try:
            yield process
        finally:
            if deliveries is not None:
                deliveries.cancel()
                await asyncio.gather(deliveries, return_exceptions=True)
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(process.wait(), LONGEST_END_SECONDS)
            if process.returncode is None:
                process.kill()
            await process.wait()
            await runner.cleanup()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


async def measure(mode: str, rate: float, seconds: float, seeds: Path) -> str:
    """One line of the table.

    Raises:
        RuntimeError: the bot ended, or answered nothing.
    """
    double = Double(rate, 0, questions=questions())
    async with asked(double, mode, seeds) as process:
        deadline = time.monotonic() + LONGEST_START_SECONDS
        while len(double.latencies) < 20:
            if process.returncode is not None or time.monotonic() > deadline:
                raise RuntimeError(f"no answers (exit code {process.returncode})")
            await asyncio.sleep(0.05)
        await asyncio.sleep(WARM_UP_SECONDS)
        double.latencies.clear()
        started, before = time.perf_counter(), Usage.of(process.pid)
        await asyncio.sleep(seconds)
        latencies, elapsed = sorted(double.latencies), time.perf_counter() - started
        after = Usage.of(process.pid)
    answers = len(latencies)
    if answers < 2:
        raise RuntimeError("stopped answering")
    p99 = statistics.quantiles(latencies, n=100)[98] * 1000
    user, system = ((after.user - before.user) / answers * 1000, (after.system - before.system) / answers * 1000)
    return (
        f"{answers / elapsed:11.1f}{latencies[answers // 2] * 1000:9.1f}{p99:9.1f}"
        f"{user + system:9.2f}{user:9.2f}{system:9.2f}{after.memory:6.0f}"
    )


async def compare(modes: list[str], rates: list[float], seconds: float, seeds: Path) -> None:
    titles = ("offered/s", "answered/s", "p50 ms", "p99 ms", "CPU ms", "user", "system", "MB")
    print(" " * 10 + "".join(f"{title:>{width}}" for title, width in zip(titles, WIDTHS, strict=True)))
    for mode in modes:
        for rate in rates:
            try:
                line = await measure(mode, rate, seconds, seeds)
            except RuntimeError as error:
                line = f"  {error}"
            print(f"{mode:>10}{rate:11.0f}{line}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rates", type=float, nargs="+", default=[50, 100, 200], help="questions offered a second")
    parser.add_argument("--seconds", type=float, default=10, help="how long each rate is measured")
    parser.add_argument("--modes", nargs="+", choices=MODES, default=list(MODES))
    parser.add_argument("--seeds", type=Path, default=ROOT / "seeds", help="the articles to answer from")
    options = parser.parse_args()
    logging.disable()  # the double's server reports every request that is cut off at the end
    asyncio.run(compare(options.modes, options.rates, options.seconds, options.seeds.resolve()))


if __name__ == "__main__":
    main()
