"""The archive without Telegram: ``python -m index check | ask | search | explain | eval``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from index.ablation import ablate, ablation_table
from index.answer import STATUS, Answer, Citation, Snippet
from index.archive import Archive
from index.errors import ArchiveError, QuestionFileError
from index.evaluation import Case, evaluate, mistakes, read_cases, summary, table
from index.gate import QuestionSet, holes, read_gate, shortfalls, write_gate
from index.model import load_model
from index.phrasing import as_plain_text, understood_line
from index.texts import load

EXIT_FINDINGS, EXIT_USAGE = 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0, 1 (articles refused, gate failed) or 2 (unusable input)."""
    options = _parser().parse_args(arguments)
    # Newsroom text holds characters that a C locale cannot print; losing one beats losing the answer.
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # Some shells put a byte order mark before what they pipe.
            encoding = "utf-8-sig" if stream is sys.stdin else "utf-8"
            stream.reconfigure(encoding=encoding, errors="replace")
    try:
        status: int = options.run(options)
        if sys.stdout:
            sys.stdout.flush()
    except ArchiveError as error:
        print(f"error: {error}", file=sys.stderr)
        return EXIT_USAGE
    except OSError as error:  # of standard output: every other file's is told as an ArchiveError
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 - keeps the interpreter's own flush quiet
        if isinstance(error, BrokenPipeError):  # the reader of our output (head, less) has seen enough
            return 0
        print(f"error: standard output cannot be written ({error.strerror})", file=sys.stderr)
        return EXIT_USAGE
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m index", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--seeds", type=Path, default=Path(os.environ.get("SEEDS_DIR") or "seeds"), help="folder of .txt articles"
    )

    check = commands.add_parser("check", parents=[shared], help="read every article and say what was found")
    check.set_defaults(run=_check)

    ask = commands.add_parser("ask", parents=[shared], help="answer a question, or many with --jsonl")
    ask.add_argument("question", nargs="*", help="the question")
    ask.add_argument("--jsonl", action="store_true", help="read {id, question, previous?} lines, write answers")
    ask.set_defaults(run=_ask)

    search = commands.add_parser("search", parents=[shared], help="rank articles, with no abstaining")
    search.add_argument("question", nargs="*", help="the question")
    search.add_argument("--jsonl", action="store_true", help="read {id, question} lines, write ranked articles")
    search.add_argument("--top", type=_positive, default=10, help="articles per question (10)")
    search.set_defaults(run=_search)

    explain = commands.add_parser("explain", parents=[shared], help="say how a question was read and judged")
    explain.add_argument("question", nargs="+", help="the question")
    explain.add_argument("--top", type=_positive, default=5, help="candidates shown (5)")
    explain.set_defaults(run=_explain)

    evaluation = commands.add_parser("eval", parents=[shared], help="measure answers against question files")
    evaluation.add_argument("files", nargs="*", type=Path, metavar="FILE", help="JSONL question files")
    evaluation.add_argument(
        "--gate", type=Path, metavar="TOML", help="measure the sets that it names; exit 1 when a committed figure falls"
    )
    instead = evaluation.add_mutually_exclusive_group()
    instead.add_argument("--wrong", action="store_true", help="also list what was not right")
    instead.add_argument("--update", action="store_true", help="with --gate: commit the figures measured now")
    instead.add_argument(
        "--ablate", action="store_true", help="the figures without each capability; with --gate over all its sets"
    )
    evaluation.set_defaults(run=_eval)
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"found {text!r}, expected a number from 1")
    return int(text)


def _open(folder: Path) -> Archive:
    archive = Archive.open(folder, cache=Path(os.environ.get("DATA_DIR") or "data"))
    for refused in archive.refused:
        print(f"refused: {refused}", file=sys.stderr)
    return archive


def _check(options: argparse.Namespace) -> int:
    archive = _open(options.seeds)
    for article in archive.articles:
        place = article.locality.shown if article.locality else "-"
        print(f"{article.id}\n  {article.title}\n  {article.outlet or '-'} · {place} · {article.date or '-'}")
    print(f"{len(archive.articles)} articles read, {len(archive.refused)} refused")
    return EXIT_FINDINGS if archive.refused else 0


def _ask(options: argparse.Namespace) -> int:
    archive = _open(options.seeds)
    texts, today = load(), date.today()  # noqa: DTZ011 - the reader's own day
    if not options.jsonl:
        print(as_plain_text(archive.ask(_question(options), today=today), texts, today))
        return 0
    for row in _rows(options):
        answer = archive.ask(row["question"], row.get("previous"))
        _write(
            {
                "id": row.get("id"),
                "question": row["question"],
                "status": STATUS[type(answer)],
                "understood": _understood(answer),
                "snippets": [_snippet(snippet) for snippet in getattr(answer, "snippets", ())],
                "message": as_plain_text(answer, texts, today),
            }
        )
    return 0


def _search(options: argparse.Namespace) -> int:
    archive = _open(options.seeds)
    rows: Iterator[dict[str, Any]] = (
        _rows(options) if options.jsonl else iter([{"id": None, "question": _question(options)}])
    )
    for row in rows:
        hits = archive.search(row["question"], options.top)
        _write({"id": row.get("id"), "hits": [{"article": hit.article, "score": hit.score} for hit in hits]})
    return 0


def _explain(options: argparse.Namespace) -> int:
    archive, model = _open(options.seeds), load_model()
    explained = archive.explain(_question(options))
    question = explained.question
    print(f"read as  {question.words!r}: {question.kind}{', several articles' if question.several else ''}")
    for concept, weight in zip(question.concepts, explained.weights, strict=True):
        ways = ", ".join(f"{' '.join(each.stems)} {each.strength:.1f}" for each in concept.variants[:6])
        print(f"concept  {concept.shown!r} weighs {weight:.1f}: {ways}")
    print(f"places   {[each.shown for each in question.places]}", end=" ")
    print(f"times {[each.shown for each in question.times]}", end=" ")
    print(f"offices {[' '.join(office[0]) for office in question.offices]} focus {question.focus}")
    for candidate in explained.candidates[: options.top]:
        broken = [name for name in ("place", "time", "office") if not getattr(candidate, name)]
        print(
            f"\n{model.likelihood(candidate.features):.2f} (score {candidate.score:.2f}) "
            f"{candidate.document.article.id}{' breaks ' + ', '.join(broken) if broken else ''}\n  "
            + candidate.text
            + "\n  "
            + "  ".join(f"{name} {value:.2f}" for name, value in asdict(candidate.features).items() if value)
        )
    return 0


def _eval(options: argparse.Namespace) -> int:
    # Not with --wrong: the held-out questions of a gate end being held out once they are read.
    if options.gate is not None and not options.files and not options.wrong:
        return _ablate_sets(read_gate(options.gate)) if options.ablate else _gate(options)
    if options.gate is not None or options.update or not options.files:
        raise QuestionFileError("expected question files, or --gate TOML [--update], which names its own files")
    archive, cases = _open(options.seeds), _cases(options.files)
    if options.ablate:
        _print_ablation([(archive, cases)])
        return 0
    report = evaluate(archive, cases)
    print("\n".join(table(report)))
    print(_threshold())
    if options.wrong:
        print("\n".join(mistakes(report)))
    return 0


def _cases(files: Sequence[Path]) -> list[Case]:
    return [case for path in files for case in read_cases(path)]


def _ablate_sets(sets: Sequence[QuestionSet]) -> int:
    archives = {folder: _open(folder) for folder in dict.fromkeys(each.folder for each in sets)}
    # Of the held-out sets only totals are shown, and apart: a capability may be worth less where it was not tuned.
    for name, chosen in (
        ("practice", [each for each in sets if not each.held_out]),
        ("held-out", [each for each in sets if each.held_out]),
    ):
        if chosen:
            print(f"{name}: {', '.join(each.name for each in chosen)}")
            _print_ablation([(archives[each.folder], _cases(each.files)) for each in chosen])
    return 0


def _threshold() -> str:
    model = load_model()
    return f"threshold: shown as an answer from a likelihood of {model.answered:.0%}, made by {model.made_by}"


def _print_ablation(asked: Sequence[tuple[Archive, Sequence[Case]]]) -> None:
    for line in ablation_table(ablate(asked)):
        print(line, flush=True)  # a line takes seconds


def _gate(options: argparse.Namespace) -> int:
    sets = read_gate(options.gate)
    archives: dict[Path, Archive] = {}
    reports = []
    for each in sets:
        if each.folder not in archives:
            archives[each.folder] = _open(each.folder)
        reports.append(evaluate(archives[each.folder], _cases(each.files)))
        print(f"{each.name}: {summary(reports[-1])}  reliability {reports[-1].reliability:.1%}")
    measured = list(zip(sets, reports, strict=True))
    # A set that asks nothing is not committed: it would pass from then on.
    if options.update and not any(holes(report, each) for each, report in measured):
        measured = [(each.with_figures_of(report), report) for each, report in measured]
        write_gate(options.gate, [each for each, _ in measured])
        print(f"{options.gate}: figures of {len(sets)} sets written")
    reasons = [f"{each.name}: {reason}" for each, report in measured for reason in shortfalls(report, each)]
    print(_threshold())
    print("\n".join(f"gate: {reason}" for reason in reasons) or "gate: passed")
    return EXIT_FINDINGS if reasons else 0


def _question(options: argparse.Namespace) -> str:
    question = " ".join(options.question)
    if not question.strip():
        raise QuestionFileError("no question given: python -m index ask 'apa itu HKSN?', or --jsonl")
    return question


def _rows(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    if options.question:
        raise QuestionFileError("found a question and --jsonl, expected one of them: --jsonl reads standard input")
    for number, line in enumerate(sys.stdin or (), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise QuestionFileError(f"standard input: line {number}: not JSON ({error})") from error
        if not isinstance(row, dict) or not isinstance(row.get("question"), str):
            raise QuestionFileError(f'standard input: line {number}: expected {{"id": ..., "question": "..."}}')
        if not isinstance(row.get("previous"), str | None):
            raise QuestionFileError(f'standard input: line {number}: "previous" is not text')
        yield row


def _write(row: dict[str, Any]) -> None:
    # Lone surrogates of broken input are escaped, not printed: UTF-8 has no way to write them.
    text = json.dumps(row, ensure_ascii=False)
    print(text.encode("utf-8", "backslashreplace").decode(), flush=True)


def _understood(answer: Answer) -> str:
    understanding = getattr(answer, "understanding", None)
    return (understanding and understood_line(understanding, load())) or ""


def _snippet(snippet: Snippet) -> dict[str, Any]:
    return {
        "article": snippet.article,
        "start": snippet.start,
        "end": snippet.end,
        "text": snippet.text,
        "highlights": [list(span) for span in snippet.highlights],
        "citation": _citation(snippet.citation),
    }


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "title": citation.title,
        "outlet": citation.outlet,
        "place": citation.place,
        "date": str(citation.date) if citation.date else None,
        "url": citation.url,
    }


if __name__ == "__main__":
    sys.exit(main())
