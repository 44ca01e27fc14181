"""The documents say what is there, all of it and nothing else; both READMEs say the same."""

from __future__ import annotations

import argparse
import ast
import contextlib
import inspect
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

import bot.__main__
import bot.app
import bot.menus
import bot.settings
import bot.terminal
import index.__main__

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.id.md")
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "seeds/README.md", ROOT / "tests/golden/README.md")
)
NOT_OURS = {".git", ".venv", "build", "data", "__pycache__", ".hypothesis"}
# A path that only one machine has; not after a word or a dot, which makes it part of a web address.
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:home|root|Users|work|tmp|mnt)/\w+|\b[A-Z]:\\Users\\")

readmes = pytest.mark.parametrize("name", READMES)
documents = pytest.mark.parametrize("name", DOCUMENTS)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


# -- what there is ---------------------------------------------------------------------------------------------------


def parser_of(main: Callable[[list[str]], int]) -> argparse.ArgumentParser:
    """The parser that a program's ``main`` makes, caught when it is about to be used."""

    caught: list[argparse.ArgumentParser] = []

    def catch(parser: argparse.ArgumentParser, *_: object) -> None:
        caught.append(parser)
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch, contextlib.suppress(KeyboardInterrupt):
        patch.setattr(argparse.ArgumentParser, "parse_args", catch)
        main([])
    return caught[0]


def options_of(parser: argparse.ArgumentParser) -> set[str]:
    return {option for action in parser._actions for option in action.option_strings} - {"-h", "--help"}


def programs() -> dict[str, set[str]]:
    """What can be run -> the options that it takes: {"index check": {"--seeds"}, "bot": set(), ...}."""
    found = {}
    for name, main in (("index", index.__main__.main), ("bot", bot.__main__.main)):
        parser = parser_of(main)
        subcommands = next(each for each in parser._actions if isinstance(each, argparse._SubParsersAction))
        if not subcommands.required:
            found[name] = options_of(parser)
        found |= {f"{name} {command}": options_of(each) for command, each in subcommands.choices.items()}
    return found


def variables() -> set[str]:
    """The environment variables that settings.py names, and those that ``index`` looks up."""
    named = {text for text in constants(bot.settings) if re.fullmatch(r"[A-Z]+(?:_[A-Z]+)*", text)}
    looked_up = {
        name
        for path in (ROOT / "index").glob("**/*.py")
        for name in re.findall(r'(?:environ(?:\.get)?|getenv)[\[(]"(\w+)"', path.read_text(encoding="utf-8"))
    }
    return named - set(bot.settings.LOG_LEVELS) | looked_up


def constants(module: ModuleType) -> Iterator[str]:
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def chat_commands() -> set[str]:
    """What the menus show, what the application handles beside it, and how to leave the terminal."""
    handled = {
        name.value
        for call in ast.walk(ast.parse(inspect.getsource(bot.app)))
        if isinstance(call, ast.Call) and getattr(call.func, "id", None) == "NamedCommandHandler"
        for name in ast.walk(call.args[0])
        if isinstance(name, ast.Constant)
    }
    assert "keluar" in bot.terminal.LEAVE
    return handled | set(bot.menus.OWNERS) | {"keluar"}


def exit_codes() -> set[int]:
    """Every number that a ``main`` and what it calls return."""
    codes = {0}
    for module in (index.__main__, bot.__main__):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Return) and node.value is not None:
                for part in ast.walk(node.value):
                    value = vars(module).get(part.id) if isinstance(part, ast.Name) else getattr(part, "value", None)
                    if type(value) is int:
                        codes.add(value)
    return codes


# -- what the documents say ------------------------------------------------------------------------------------------


def rows(name: str) -> list[list[str]]:
    """The cells of every table row."""
    lines = [line for line in read(name).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def code_blocks(name: str) -> list[str]:
    return re.findall(r"^```\w*\n(.*?)^```$", read(name), re.MULTILINE | re.DOTALL)


def shown_code(name: str) -> Iterator[str]:
    """Every piece of code: in back-ticks, fenced, or indented by four spaces."""
    text = read(name)
    for block in code_blocks(name):
        yield from block.splitlines()
    text = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    yield from re.findall(r"`([^`\n]+)`", text)
    yield from (line.strip() for line in text.splitlines() if line.startswith("    "))


# -- the promises ----------------------------------------------------------------------------------------------------


@readmes
def test_the_console_table_has_every_command_with_every_option_and_no_other(name: str) -> None:
    told = {}
    for cells in rows(name):
        if run := re.match(r"`python -m ((?:bot|index)(?: [a-z][a-z-]*)?)", cells[0]):
            told[run[1]] = set(re.findall(r"--[a-z-]+", cells[1]))
    assert told == programs()


@documents
def test_no_document_names_a_command_or_option_that_does_not_exist(name: str) -> None:
    known = programs()
    for code in shown_code(name):
        for run in re.finditer(r"python -m (bot|index)\b([^#|]*)", code):
            command = re.match(r" ([a-z][a-z-]*)\b", run[2])
            program = f"{run[1]} {command[1]}" if command else run[1]
            options = set(re.findall(r"--[a-z-]+", run[2])) - {"--help"}
            assert program in known or program == "index", f"{name}: {code}"
            assert options <= known.get(program, set()), f"{name}: {code}"


@readmes
def test_the_chat_table_has_every_command_and_no_other(name: str) -> None:
    told = {command for cells in rows(name) if cells[0].startswith("`/") for command in re.findall(r"/(\w+)", cells[0])}
    assert told == chat_commands()


@readmes
def test_the_settings_table_has_every_variable_and_no_other(name: str) -> None:
    told = {cells[0].strip("`") for cells in rows(name) if re.fullmatch(r"`[A-Z_]+`", cells[0])}
    assert told == variables()


def test_the_example_environment_has_every_variable_and_no_other() -> None:
    assert set(re.findall(r"^#?([A-Z_]+)=", read(".env.example"), re.MULTILINE)) == variables()


@readmes
def test_the_settings_table_tells_the_true_defaults(name: str) -> None:
    default = bot.settings.read({})
    true = {
        "SEEDS_DIR": default.seeds_dir.as_posix(),
        "DATA_DIR": default.data_dir.as_posix(),
        "DATABASE_URL": f"sqlite:///{default.database.as_posix()}",
        "RETENTION_DAYS": str(default.retention_days),
        "BOT_API_URL": default.bot_api_url,
        "LOG_LEVEL": default.log_level,
    }
    told = {cells[0].strip("`"): cells[1].strip("`") for cells in rows(name) if len(cells) > 1}
    assert {variable: told[variable] for variable in true} == true


@readmes
def test_the_exit_codes_are_those_that_are_returned(name: str) -> None:
    assert {int(cells[0]) for cells in rows(name) if cells[0].isdigit()} == exit_codes()


def test_both_readmes_have_the_same_sections_and_the_same_code() -> None:
    english, indonesian = (
        [len(each) for each in re.findall(r"^#+(?= )", read(name), re.MULTILINE)] for name in READMES
    )
    assert english == indonesian
    assert code_blocks(READMES[0]) == code_blocks(READMES[1])
    assert [len(rows(name)) for name in READMES] == [len(rows(READMES[0]))] * 2
    links = [re.findall(r"\]\(([^)]+)\)", read(name).split("\n## ", 1)[1]) for name in READMES]
    assert links[0] == links[1]


def test_the_readme_has_two_commands_to_paste_each_one_line() -> None:
    pasted = [block for block in code_blocks("README.md") if block.startswith("python3")]
    assert len(pasted) == 2
    assert all(block.count("\n") == 1 for block in pasted)
    assert all(block.startswith("python3 -m venv .venv && .venv/bin/pip install ") for block in pasted)


def test_the_example_answer_is_what_is_printed(tmp_path: Path) -> None:
    # The age of a citation ("2 tahun lalu") depends on the day; line breaks are the README's own.
    def told(text: str) -> str:
        return " ".join(re.sub(r"\(\d+ tahun lalu\)", "", text).split())

    question = re.search(r"`(berapa [^`]+\?)`", read("README.md"))
    assert question
    environment = {name: value for name, value in os.environ.items() if name not in variables()}
    printed = subprocess.run(
        [sys.executable, "-m", "bot", "ask", question[1]],
        cwd=ROOT,
        env={**environment, "DATA_DIR": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=60,
    ).stdout
    assert told(printed) == told(code_blocks("README.md")[0])


def test_ci_runs_the_readmes_test_command() -> None:
    script = ROOT / ".ci/run"
    pattern = re.search(r"grep -E '([^']+)' README\.md", script.read_text(encoding="utf-8"))
    assert pattern
    lines = [line for line in read("README.md").splitlines() if re.search(pattern[1], line)]
    assert lines == [code_blocks("README.md")[2].strip()]
    assert os.access(script, os.X_OK)


@documents
def test_links_between_documents_lead_somewhere(name: str) -> None:
    for link in re.findall(r"\]\((?!https?://|mailto:)([^)#]+)", read(name)):
        assert (ROOT / name).parent.joinpath(link).exists(), f"{name}: {link}"


@documents
def test_files_named_in_a_document_exist(name: str) -> None:
    files = {path.name for path in ROOT.glob("*/**/*.py")}
    for path in re.findall(r"\b(?:\w+/)*\w+\.py\b", read(name)):
        assert (
            (ROOT / path).exists()
            if path.startswith(("bot/", "index/", "tests/", "benchmarks/"))
            else (Path(path).name in files)
        ), f"{name}: {path}"


def test_the_changelog_has_a_place_for_the_next_entry() -> None:
    assert "\n## [Unreleased]\n" in read("CHANGELOG.md")


def test_no_file_names_a_path_of_one_machine() -> None:
    found = []
    for path in ours():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in MACHINE_PATH.finditer(text)]
    assert found == []


def ours() -> list[Path]:
    """The project's files: those that git knows or would add, or where there is no git all but what is made."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    if listed.returncode == 0 and listed.stdout:
        return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    return [
        path
        for path in ROOT.rglob("*")
        if path.is_file()
        and not NOT_OURS & set(path.relative_to(ROOT).parts)
        and not any(part.endswith(("_cache", ".egg-info")) for part in path.relative_to(ROOT).parts)
    ]
