"""The committed quality figures, and whether the archive still reaches them.

A gate file (``tests/golden/gate.toml``) has one table a question set. The figures in it are counts, not shares: they
are exact, so nothing can slip through the rounding, and a set that loses questions is noticed.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.errors import QuestionFileError
from index.evaluation import FIGURES, Report

# Asked as often as ever, or the other figures say nothing.
ASKED = ("answerable", "unanswerable")
_LOWER_IS_BETTER = frozenset({"wrong", "declined_wrongly"})
_HEADER = """\
# What each question set scored when it was last accepted; `python -m index eval --gate {path}` fails below it.
# Written by the same command with `--update`, which keeps folder, files and at_least and rewrites the rest. The figures
# count questions; at_least are shares (of the answerable; declined_rightly: of the unanswerable) that no update lowers.
"""


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Question files over one folder of articles, with what was committed about them.

    ``kinds`` are the slices that must be there; ``figures`` the committed counts by name (``ASKED`` and ``FIGURES``);
    ``at_least`` shares (0 to 1) by figure name, whatever was committed.
    """

    name: str
    folder: Path
    files: tuple[Path, ...]
    kinds: tuple[str, ...]
    figures: Mapping[str, int]
    at_least: Mapping[str, float]

    @property
    def held_out(self) -> bool:
        """Whether its questions are not to be read, by its name."""
        return "heldout" in self.name

    def with_figures_of(self, report: Report) -> QuestionSet:
        """Commit a report's figures. A slice once there stays wanted until it is taken out by hand."""
        kinds = tuple(dict.fromkeys((*self.kinds, *report.kinds)))
        return replace(self, kinds=kinds, figures=counts(report))


def counts(report: Report) -> dict[str, int]:
    """Count what a gate commits of a report."""
    return {name: getattr(report.all, name) for name in (*ASKED, *FIGURES)}


def read_gate(path: Path) -> list[QuestionSet]:
    """Read a gate file; its folders and files are relative to the working directory.

    Raises:
        QuestionFileError: missing, not TOML, without a set, or a set that is malformed; says which.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionFileError(f"{path}: cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise QuestionFileError(f"{path}: found invalid TOML ({error})") from error
    if not tables:
        raise QuestionFileError(f"{path}: holds no question set, expected tables such as [seeds-dev]")
    return [_question_set(path, name, table) for name, table in tables.items()]


def _question_set(path: Path, name: str, table: object) -> QuestionSet:
    if not isinstance(table, dict):
        raise QuestionFileError(f"{path}: {name}: expected a table with folder and files")
    folder, files, kinds, at_least = (table.pop(key, None) for key in ("folder", "files", "kinds", "at_least"))
    if not isinstance(folder, str) or not _texts(files) or not files:
        raise QuestionFileError(f'{path}: [{name}]: expected folder = "..." and files = ["...", ...]')
    if not _texts(kinds or []):
        raise QuestionFileError(f'{path}: [{name}]: expected kinds = ["...", ...]')
    shares = at_least or {}
    if not isinstance(shares, dict) or any(
        key not in FIGURES or key in _LOWER_IS_BETTER or not isinstance(share, int | float) or not 0 <= share <= 1
        for key, share in shares.items()
    ):
        raise QuestionFileError(f"{path}: [{name}]: expected at_least = {{ right = 0.85 }}, shares of 0 to 1")
    for key, value in table.items():
        if key not in (*ASKED, *FIGURES) or isinstance(value, bool) or not isinstance(value, int):
            raise QuestionFileError(
                f"{path}: [{name}]: found {key} = {value!r}, expected counts of {', '.join((*ASKED, *FIGURES))}"
            )
    return QuestionSet(name, Path(folder), tuple(Path(file) for file in files), tuple(kinds or ()), table, shares)


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def holes(report: Report, committed: QuestionSet) -> list[str]:
    """Name what was not asked at all: without it no figure means anything."""
    reasons = [f"no {name} question was asked" for name in ASKED if not getattr(report.all, name)]
    return reasons + [f"no question of kind {kind!r} was asked" for kind in committed.kinds if kind not in report.kinds]


def shortfalls(report: Report, committed: QuestionSet) -> list[str]:
    """Why the gate fails: holes, figures that fell, figures nobody committed; empty when it passes."""
    reasons = holes(report, committed)
    reasons += [
        f"kind {kind!r} was asked, which is not in kinds" for kind in sorted(report.kinds.keys() - set(committed.kinds))
    ]
    for name, count in counts(report).items():
        wanted = committed.figures.get(name)
        if wanted is None:
            reasons.append(f"no committed figure for {name}")
        elif name in ASKED:
            if count != wanted:
                reasons.append(f"{count} {name} questions were asked, committed {wanted}")
        elif count > wanted if name in _LOWER_IS_BETTER else count < wanted:
            reasons.append(f"{name}: {count}, committed {wanted}")
    shares = report.shares()
    return reasons + [
        f"{name}: {shares[name]:.1%}, expected at least {share:.1%}"
        for name, share in committed.at_least.items()
        if shares[name] < share
    ]


def write_gate(path: Path, sets: Sequence[QuestionSet]) -> None:
    """Write a gate file, whole; ``read_gate`` reads it back equal."""
    path.write_text(_HEADER.format(path=path.as_posix()) + "".join(map(_table, sets)), encoding="utf-8")


def _table(each: QuestionSet) -> str:
    # A JSON string is a TOML basic string too.
    lines = [f"\n[{json.dumps(each.name) if '.' in each.name else each.name}]"]
    lines.append(f"folder = {json.dumps(each.folder.as_posix(), ensure_ascii=False)}")
    lines.append(f"files = {json.dumps([file.as_posix() for file in each.files], ensure_ascii=False)}")
    if each.at_least:
        shares = ", ".join(f"{name} = {share}" for name, share in each.at_least.items())
        lines.append(f"at_least = {{ {shares} }}")
    lines.append("kinds = [")
    lines += [f"  {json.dumps(kind, ensure_ascii=False)}," for kind in sorted(each.kinds)]
    lines.append("]")
    return "\n".join([*lines, *(f"{name} = {count}" for name, count in each.figures.items())]) + "\n"
