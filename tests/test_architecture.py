"""Imports point down, each outside library has one door, and every sentence of the catalogue is used and there."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.callbacks import Reason
from bot.deeplinks import Since
from bot.draftboard import Field
from bot.intake.drafts import Origin
from bot.intake.shelf import Action
from bot.menus import GROUPS, OWNERS
from bot.reindexing import Ending
from bot.staff import GRANTED, Role
from index.attributes import Kind
from index.lexicon import load_lexicon
from index.texts import load

ROOT = Path(__file__).parents[1]
TREES = {
    path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for package in ("index", "bot")
    for path in sorted((ROOT / package).rglob("*.py"))
}
# Where Telegram's classes may be seen: handlers, what starts and stops them, what fetches, and the way requests go.
RIM = re.compile(r"bot/(?:handlers/\w+|app|menus|polling|running|transport)\.py")


def imported(tree: ast.Module) -> set[str]:
    """Top-level names of everything a module imports, late imports too."""
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level}
    return {name.split(".")[0] for name in names}


def importers(*modules: str) -> set[str]:
    return {path for path, tree in TREES.items() if imported(tree) & set(modules)}


def test_the_trees_were_found() -> None:
    assert {"index/archive.py", "bot/app.py", "bot/handlers/asking.py"} <= TREES.keys()


def test_the_map_names_every_module() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    names = {path.rpartition("/")[2] for path in TREES} - {"__init__.py", "__main__.py"}
    assert not {name for name in names if not re.search(rf"\b{re.escape(name)}", page)}


def test_index_knows_no_chat_no_network_and_no_database() -> None:
    outside = importers(
        "bot", "telegram", "asyncio", "sqlite3", "aiosqlite", "psycopg", "sqlalchemy", "httpx", "socket", "urllib"
    )  # fmt: skip
    assert not {path for path in outside if path.startswith("index/")}


def test_telegram_stays_at_the_rim_of_bot() -> None:
    assert not {path for path in importers("telegram") if not RIM.fullmatch(path)}


def test_sql_stays_behind_one_door() -> None:
    doors = importers("sqlite3", "aiosqlite", "psycopg", "sqlalchemy")
    assert {path.rpartition("/")[0] for path in doors} == {"bot/storage"}


@pytest.mark.parametrize(
    ("library", "door"),
    [
        ("rank_bm25", "index/ranking.py"),
        ("Sastrawi", "index/stemming.py"),
        ("prometheus_client", "bot/metrics.py"),
        ("PIL", "bot/drawing.py"),
        ("certifi", "bot/transport.py"),
        ("uvloop", "bot/__main__.py"),
        ("trafilatura", "bot/intake/webpages.py"),
        ("pypdf", "bot/intake/pdfs.py"),
        ("docx", "bot/intake/word_files.py"),
        ("httpx", None),
        ("tests", None),
        ("benchmarks", None),
    ],
)
def test_a_library_has_one_door(library: str, door: str | None) -> None:
    assert importers(library) == ({door} if door else set())


def test_nothing_opens_a_file_a_socket_or_a_database_at_import() -> None:
    modules = [path.removesuffix(".py").replace("/", ".").removesuffix(".__init__") for path in TREES]
    script = f"""
import sys
def watch(event, arguments):
    path = str(arguments[0]) if arguments else ""
    ours = path.startswith({str(ROOT)!r}) and not path.endswith((".py", ".pyc")) and "__pycache__" not in path
    if (event == "open" and ours and "site-packages" not in path) or event in ("socket.connect", "sqlite3.connect"):
        print(event, path)
sys.addaudithook(watch)
for module in {modules!r}:
    __import__(module)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.returncode) == ("", 0), done.stderr


# -- the catalogue of sentences ------------------------------------------------------------------------------------

SENTENCES = load().sentences
TABLES = {key.partition(".")[0] for key in SENTENCES}


def strings() -> set[str]:
    """Every whole string of the code; the pieces of f-strings are not among them."""
    pieces = {
        id(part) for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)
        for part in node.values
    }  # fmt: skip
    return {
        node.value
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in pieces
    }


def families() -> set[str]:
    """The constant beginnings of keys that are put together: "smalltalk." of f"smalltalk.{topic}"."""
    return {
        node.values[0].value
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr) and len(node.values) == 2 and isinstance(node.values[0], ast.Constant)
        if re.fullmatch(rf"(?:{'|'.join(TABLES)})\.(?:\w+\.)*", str(node.values[0].value))
    }


def made_in_code(call: str) -> set[str]:
    """The texts that ``call`` is given in the code: the "noise" of ``Smalltalk("noise")``."""
    return {
        node.args[0].value
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == call and node.args
        if isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    }


FAMILIES = {
    "smalltalk.": set(load_lexicon().smalltalk) | made_in_code("Smalltalk"),
    "attribute.": {kind.value for kind in Kind},
    "reindex.": {"added", "changed", "removed"},
    "feedback.": {reason.value for reason in Reason},
    "search.": made_in_code("SearchError"),
    "words.": made_in_code("WordsError"),
    "link.": {since.value for since in Since} - {"same"},
    "commands.menu.": {*OWNERS, *GROUPS},
    "reindex.done.": {ending.value for ending in Ending} - {"failed"},
    "reindex.ending.": {ending.value for ending in Ending} - {"tried"},
    "draft.field.": {field.value for field in Field},
    "draft.ask.": {field.value for field in Field},
    "draft.origin.": {origin.value for origin in Origin} - {"nowhere"},
    "staff.role.": {role.code for role in Role},
    "staff.welcome.": {*GRANTED},
    "staff.action.": {action.value for action in Action}
    | {"granted", "revoked", "broadcast", "export", "words", "words_removed"},
}


def test_every_sentence_that_the_code_asks_for_is_there() -> None:
    assert families() == FAMILIES.keys()
    keys = {
        each for each in strings() if re.fullmatch(rf"(?:{'|'.join(TABLES)})(?:\.[a-z_]+)+(?<!\.toml)(?<!\.txt)", each)
    }
    keys |= {family + member for family, members in FAMILIES.items() for member in members}
    assert len(keys) > 50
    assert not keys - SENTENCES.keys()


def test_every_sentence_of_the_catalogue_is_used() -> None:
    made = {family + member for family, members in FAMILIES.items() for member in members}
    assert not SENTENCES.keys() - strings() - made
