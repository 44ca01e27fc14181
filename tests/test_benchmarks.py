"""What benchmarks/ measures through doors that are not public still fits."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_speed_benchmark_runs_to_its_end(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "benchmarks/speed.py", "--only", "60"],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "60 passages" in done.stdout


def test_the_reading_benchmark_runs_to_its_end() -> None:
    done = subprocess.run(
        [sys.executable, "benchmarks/reading.py", "--articles", "40", "--no-odd"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "unknown words" in done.stdout
