"""A target under atheris, which looks for inputs that reach further; needs the extra ``fuzz`` (Python 3.11, Linux).

    python tests/fuzz/fuzz.py ask corpus/ask -max_total_time=3600 -max_len=8192

What follows the target is libFuzzer's. It ends at the first fault and writes that input down. The instrumented code is
slow: times are measured by ``sweep.py --corpus``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parent))
with atheris.instrument_imports(include=["bot", "index"]):
    from targets import TARGETS

if __name__ == "__main__":
    run = TARGETS[sys.argv.pop(1)]
    run(b"apa itu HKSN?")  # loads what is loaded once
    atheris.Setup(sys.argv, run)
    atheris.Fuzz()
