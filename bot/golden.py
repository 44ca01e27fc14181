"""Golden questions: asked of every new archive, and none that was right before may be wrong after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.settings import Settings

if TYPE_CHECKING:
    from index.archive import Archive
    from index.evaluation import Case

FILE = "golden.jsonl"
# As ``index.evaluation`` judges an answer.
_RIGHT = frozenset({"right first", "right", "declined rightly"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the golden questions say of a new archive; ``problem`` is why they could not be asked."""

    asked: int = 0
    right: int = 0
    lost: tuple[str, ...] = ()  # questions that were right before and are wrong now
    problem: str | None = None

    @property
    def passes(self) -> bool:
        """Whether the new archive may be put in place."""
        return not self.lost and self.problem is None


def read_golden(settings: Settings, chosen: Iterable[str] = ()) -> list[Case]:
    """The golden questions: of ``DATA_DIR``, of ``SEEDS_DIR``, and those chosen in the chat (lines of JSON).

    Of two with the same id the first counts. Reads files: not for the event loop.

    Raises:
        QuestionFileError: a file cannot be read, is empty, or a line of it is not a question; located.
    """
    # Here and not above: it brings the archive with it, for which `python -m bot --help` need not wait.
    from index.evaluation import parse_cases, read_cases

    cases: dict[str, Case] = {}
    for path in (settings.data_dir / FILE, settings.seeds_dir / FILE):
        if path.exists():
            for case in read_cases(path):
                cases.setdefault(case.id, case)
    lines = "\n".join(chosen)
    if lines:
        for case in parse_cases(lines, "/belum_terjawab"):
            cases.setdefault(case.id, case)
    return list(cases.values())


def judge(before: Archive, after: Archive, cases: Sequence[Case]) -> Verdict:
    """Ask both archives; some milliseconds a question: not for the event loop."""
    if not cases:
        return Verdict()
    was, now = _right(before, cases), _right(after, cases)
    return Verdict(
        asked=len(cases),
        right=len(now),
        lost=tuple(case.question for case in cases if case.id in was - now),
    )


def _right(archive: Archive, cases: Sequence[Case]) -> set[str]:
    from index.evaluation import evaluate  # as above

    return {case.id for case, _, judgement in evaluate(archive, cases).judged if judgement in _RIGHT}
