"""The fitted model: how good a candidate is beside others, and how likely the best one answers.

Both are linear in the same features. ``benchmarks/fit.py`` fits them on the practice sets with cross-validation and
writes ``words/model.json``, which names the command and the figures that it was made with.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, fields
from functools import cache
from operator import attrgetter, mul
from pathlib import Path

MODEL_FILE = Path(__file__).parent / "words" / "model.json"


@dataclass(slots=True)
class Features:
    """What is measured of a candidate sentence. Shares and flags are 0 to 1; only ``crowd`` depends on the archive."""

    coverage: float = 0.0  # of the question's weight, matched in the sentence or around it
    exact: float = 0.0  # of the question's weight, matched in the sentence itself
    beyond: float = 0.0  # the same, counting less what the article's title and first paragraph say anyway
    literal: float = 0.0  # of the question's weight, said as such in the passage, its heading or the article's opening
    unmet: float = 0.0  # telling concepts that are hardly matched anywhere, over 3
    missing: float = 0.0  # of the question's weight, nowhere in the article
    heaviest_missing: float = 0.0  # the idf of the most telling concept that is nowhere in the article, over 8
    heaviest: float = 0.0  # how well the most telling concept is matched
    focus: float = 0.0  # how well the concept beside the question word is matched
    focus_exact: float = 0.0  # ... in the sentence itself
    matched: float = 0.0  # the idf matched in all, over 40: long questions leave more unmatched
    passage_share: float = 0.0  # the passage's BM25 score as a share of the best passage's
    article_share: float = 0.0  # its article's, as a share of the best article's
    heading: float = 0.0  # of the question's weight, matched by the subhead (on a page of questions, the question)
    close: float = 0.0  # neighbouring concepts of the question that stand together
    attribute: float = 0.0  # the kind of thing asked for is there
    attribute_close: float = 0.0  # ... and near a matched word
    attribute_focus: float = 0.0  # ... and near the concept beside the question word
    placed: float = 0.0  # of the place asked about, when one is
    timed: float = 0.0  # of the time asked about, when one is
    replies: float = 0.0  # the article asks the same question, or heads a list with what is asked for, and this follows
    defines: float = 0.0  # the sentence defines the term asked about
    behind: float = 0.0  # how far behind the best match, whether or not that holds the thing asked for; over 10
    crowd: float = 0.0  # how many passages could match by chance, as a logarithm: 0.6 for five articles, 1 for fifty
    office: float = 0.0  # the office asked about is spoken of
    items: float = 0.0  # things enumerated, when a list is asked for
    announces: float = 0.0  # ... and announced as a list
    figures: float = 0.0  # numbers given, when aid is asked for
    concepts: float = 0.0  # how much was asked: log(1 + number of concepts)
    joined: float = 0.0  # two sentences, not one
    whole_list: float = 0.0
    short: float = 0.0  # fewer than 40 characters
    lead: float = 0.0  # in the first paragraph
    title: float = 0.0
    caption: float = 0.0
    row: float = 0.0


NAMES = tuple(field.name for field in fields(Features))
_values = attrgetter(*NAMES)  # astuple would copy every value deeply, at half the cost of an answer


@dataclass(frozen=True, slots=True)
class Model:
    """Weights in the order of ``NAMES``, a bias, and the likelihoods from which a candidate is shown.

    ``made_by`` is the command that fitted them, empty when none did.
    """

    ranking: tuple[float, ...]
    confidence: tuple[float, ...]
    bias: float
    answered: float
    related: float
    made_by: str = ""

    def score(self, features: Features) -> float:
        """How good a candidate is beside others of the same question; only the order means anything."""
        return _dot(self.ranking, features)

    def likelihood(self, features: Features) -> float:
        """How likely (0 to 1) the candidate answers."""
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, self.bias + _dot(self.confidence, features)))))


def _dot(weights: tuple[float, ...], features: Features) -> float:
    total: float = sum(map(mul, weights, _values(features)))
    return total


@cache
def load_model() -> Model:
    """The fitted model of this version."""
    saved = json.loads(MODEL_FILE.read_text(encoding="utf-8"))
    ranking, confidence = (tuple(saved[part][name] for name in NAMES) for part in ("ranking", "confidence"))
    return Model(ranking, confidence, saved["bias"], saved["answered"], saved["related"], saved["made_by"])
