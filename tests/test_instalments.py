"""Which instalment a sentence speaks of, also where it names several of them at once."""

from __future__ import annotations

import pytest

from index.instalments import is_instalment, series, stands_in
from index.question import Concept


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("beras tahap iii selesai juli", True),
        ("tahap i ii dan iii selesai juli", True),
        ("tahap ketiga selesai", True),
        ("tahap i disalurkan kepada tiga orang", False),
        ("tiga tahap", False),
    ],
)
def test_an_instalment_is_said_by_its_number_right_after_it(sentence: str, *, said: bool) -> None:
    words = ["tahap", "3"]
    forms = series(words, words, 0)
    assert forms is not None
    assert is_instalment(Concept("tahap 3", ("tahap", "3"), forms, required=True))
    assert any(stands_in(sentence.split(), form) for form in forms) is said


def test_another_word_before_a_number_is_no_instalment() -> None:
    assert series(["mesin", "3"], ["mesin", "3"], 0) is None
    assert series(["tahap"], ["tahap"], 0) is None
