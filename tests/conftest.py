"""What the tests of ``index`` share: the archive of seeds/, and a small one of invented articles."""

from __future__ import annotations

from pathlib import Path

import pytest
from invented import INVENTED

from index.archive import Archive
from index.reading import parse_article

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def stem_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where stems are kept for the whole run: most of a cold start is stemming."""
    return tmp_path_factory.mktemp("stems")


@pytest.fixture(scope="session")
def archive(stem_cache: Path) -> Archive:
    """The five articles of seeds/. An archive never changes, so one does for all tests."""
    return Archive.open(ROOT / "seeds", cache=stem_cache)


@pytest.fixture(scope="session")
def invented() -> Archive:
    """The invented articles, none of whose names, places or subjects is in seeds/."""
    return Archive([parse_article(name, text) for name, text in INVENTED.items()])
