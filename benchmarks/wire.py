"""What an update costs between Telegram and a handler: python-telegram-bot's defaults, this bot, aiogram.

    python benchmarks/wire.py [--seconds 8] [--only ptb,ours]

Each bot polls, in a process of its own, a Bot API double that runs in this one; all in one run, one after the other.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import logging
import os
import signal
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from wire_clients import CLIENTS
from wire_double import Double

ROOT = Path(__file__).resolve().parents[1]
BASELINE = "ptb"
NEEDS = {"aiogram": "aiogram", "ours+uvloop": "uvloop"}
WARM_UP_SECONDS, LONGEST_START_SECONDS = 2.0, 30.0
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Setting:
    name: str
    rate: float
    delay: float
    at_once: int
    clients: tuple[str, ...]


WIRE = ("ptb", "ptb+transport", "ours", "ours+uvloop", "aiogram")
STEADY = ("ptb", "ours", "ours+uvloop", "aiogram", "bot")
SETTINGS = (
    Setting("a backlog, 200 at once", 0, 0, 200, WIRE),
    Setting("a backlog, 20 at once", 0, 0, 20, WIRE),
    Setting("a backlog, 200 at once, 50 ms round trip", 0, 0.05, 200, WIRE),
    Setting("100 a second", 100, 0, 0, STEADY),
    Setting("100 a second, 50 ms round trip", 100, 0.05, 0, STEADY),
)


@dataclass(frozen=True)
class Figures:
    """Of one bot in one setting: latencies in ms, CPU in ms per update, memory in MB."""

    rate: float
    p50: float
    p99: float
    cpu: float
    memory: float


async def measure(client: str, setting: Setting, seconds: float) -> Figures:
    """Run one bot against a fresh double.

    Raises:
        RuntimeError: it ended, or answered nothing.
    """
    double = Double(setting.rate, setting.delay, setting.at_once)
    runner = await double.serve()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    process = await asyncio.create_subprocess_exec(
        sys.executable, __file__, "--client", client, "--url", url,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1", "PTB_TIMEDELTA": "1"}, cwd=ROOT,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + LONGEST_START_SECONDS
        while len(double.latencies) < 20:
            if process.returncode is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{client}: no replies (exit code {process.returncode})")
            await asyncio.sleep(0.05)
        await asyncio.sleep(WARM_UP_SECONDS)
        double.latencies.clear()
        started, cpu = time.perf_counter(), _cpu_seconds(process.pid)
        await asyncio.sleep(seconds)
        latencies, elapsed = sorted(double.latencies), time.perf_counter() - started
        cpu, memory = _cpu_seconds(process.pid) - cpu, _memory_megabytes(process.pid)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()
        await runner.cleanup()
    if len(latencies) < 2:
        raise RuntimeError(f"{client}: stopped replying")
    p99 = statistics.quantiles(latencies, n=100)[98]
    replies = len(latencies)
    return Figures(replies / elapsed, latencies[replies // 2] * 1000, p99 * 1000, cpu / replies * 1000, memory)


def _cpu_seconds(process: int) -> float:
    """User and system time of all threads: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _memory_megabytes(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


async def compare(clients: list[str], settings: list[Setting], seconds: float) -> None:
    for setting in settings:
        print(f"\n{setting.name}")
        print(f"{'':>16}{'updates/s':>11}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}{'MB':>6}{'speed':>8}{'CPU':>8}")
        baseline: Figures | None = None
        for client in (client for client in setting.clients if client in clients):
            try:
                figures = await measure(client, setting, seconds)
            except RuntimeError as error:
                print(f"{client:>16}  {error}")
                continue
            baseline = figures if client == BASELINE else baseline
            line = f"{client:>16}{figures.rate:11.0f}{figures.p50:9.1f}{figures.p99:9.1f}{figures.cpu:9.2f}"
            ratios = f"{figures.rate / baseline.rate:7.2f}x{figures.cpu / baseline.cpu:7.2f}x" if baseline else ""
            print(f"{line}{figures.memory:6.0f}{ratios}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=8, help="how long each bot is measured in each setting")
    parser.add_argument("--only", help="bots, separated by commas: " + ", ".join(CLIENTS))
    parser.add_argument("--setting", type=int, choices=range(1, len(SETTINGS) + 1), help="one of the settings only")
    parser.add_argument("--client", choices=CLIENTS, help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.client:
        CLIENTS[options.client](options.url)
        return
    clients = options.only.split(",") if options.only else list(CLIENTS)
    for client, module in NEEDS.items():
        if client in clients and importlib.util.find_spec(module) is None:
            print(f"{client}: left out, as {module} is not installed (pip install -e '.[bench,fast]')")
            clients.remove(client)
    settings = [SETTINGS[options.setting - 1]] if options.setting else list(SETTINGS)
    logging.disable()  # the double's server reports every bot that is killed in the middle of a request
    asyncio.run(compare(clients, settings, options.seconds))


if __name__ == "__main__":
    main()
