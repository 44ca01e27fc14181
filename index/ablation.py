"""What each capability is worth: the figures when it is left out, beside those of the whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.archive import Archive
from index.capabilities import Capability
from index.evaluation import Case, Report, evaluate

_SHOWN = ("right", "first", "declined_wrongly", "declined_rightly")
_COLUMNS = ("right", "first", "decl. wrongly", "decl. rightly", "reliability")


def ablate(asked: Sequence[tuple[Archive, Sequence[Case]]]) -> Iterator[tuple[Capability | None, Report]]:
    """Ask every archive its cases, whole (``None``) and then without each capability; one report over all of them."""
    yield None, _asked_all(asked)
    for capability in Capability:
        yield capability, _asked_all([(archive.without(capability), cases) for archive, cases in asked])


def _asked_all(asked: Sequence[tuple[Archive, Sequence[Case]]]) -> Report:
    report = Report()
    for archive, cases in asked:
        evaluate(archive, cases, report)
    return report


def ablation_table(measured: Iterator[tuple[Capability | None, Report]]) -> Iterator[str]:
    """One line for the whole, then one for each capability with the difference from the whole in points.

    "decl." is declined. The last column is the characters quoted in an answer, median and 95th percentile: what is
    quoted at greater length holds the answer more easily.
    """
    yield f"{'':34}" + "".join(f"{name:>14}" for name in _COLUMNS) + f"{'characters':>13}"
    whole: list[float] | None = None
    for capability, report in measured:
        shares = _shares(report)
        before, whole = whole, whole or shares
        name = "whole" if capability is None else f"without {capability}"
        changes = [""] * len(shares) if before is None else map(_change, shares, before)
        figures = (f"{share:.1%}{change}" for share, change in zip(shares, changes, strict=True))
        median, high = report.quoted
        yield f"{name:34}" + "".join(f"{each:>14}" for each in figures) + f"{f'{median} / {high}':>13}"


def _shares(report: Report) -> list[float]:
    shares = report.shares()
    return [*(shares[name] for name in _SHOWN), report.reliability]


def _change(share: float, before: float) -> str:
    return f" ({100 * (share - before):+.1f})"
