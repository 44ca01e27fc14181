"""Passages near a question -> candidate answers: one or two sentences, or a whole list, each measured and scored."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from operator import mul
from typing import NamedTuple

from index import matching
from index.article import BlockKind
from index.asked import question_asked
from index.attributes import LIST_KINDS, Kind
from index.document import Document, PassageTerms
from index.measures import Sought, Stretch, Surroundings, measure, side_by_side
from index.model import Features, Model
from index.offices import office_met
from index.tables import is_row

_LONGEST_PAIR = 420  # characters
_LONGEST_LIST = 900
_UNNAMED_LIST = 0.3  # what a list counts whose heading does not name what is asked for
_SAME_QUESTION = 0.5  # of the question's weight, in the question that the article answers


@dataclass(slots=True, eq=False)
class Candidate:
    """A stretch of a passage considered as the answer, with what it meets of the question."""

    passage: PassageTerms
    first: int  # its first and last sentence
    last: int
    worth: tuple[float, ...]  # how well each concept is matched in it or around it, 0 to 1
    place: bool
    time: bool
    office: bool
    features: Features
    score: float

    @property
    def document(self) -> Document:
        """The article that it is in."""
        return self.passage.document

    @property
    def eligible(self) -> bool:
        """Whether no constraint of the question is broken."""
        return self.place and self.time and self.office

    @property
    def text(self) -> str:
        """The stretch, verbatim."""
        sentences = self.passage.sentences
        return self.document.body[sentences[self.first].start : sentences[self.last].end]


class Share(NamedTuple):
    """BM25 scores as shares (0 to 1) of the best passage's and of the best article's."""

    passage: float
    article: float


def of_passage(
    sought: Sought, passage: PassageTerms, share: Share, model: Model, offices: Collection[tuple[str, ...]]
) -> list[Candidate]:
    """The candidates of one passage, in its order; ``offices`` are the stems of all known offices."""
    question, document = sought.question, passage.document
    said = [sentence.said(sought.stems) for sentence in passage.sentences]
    bags = [frozenset([stem for _, stem in places]) for places in said]
    around = sought.around(passage, frozenset().union(*bags))
    place, time = matching.in_place(question, passage), matching.in_time(question, passage)
    inside = list(map(sought.strengths, bags))
    near = [[matching.BESIDE * value for value in row] for row in inside]
    marks = list(map(sought.marks, said))
    sizes = [sentence.size for sentence in passage.sentences]
    found = []
    for first, last in _windows(passage, question.kind):
        whole_list = passage.kind is BlockKind.ROW and first != last
        # The rows of a list are under its heading as the words of a sentence are in it.
        rows = [*inside[first : last + 1], around.headed] if whole_list else inside[first : last + 1]
        # Two sentences neither of which names anything asked about are no better than one.
        if first != last and not any(map(any, rows)):
            continue
        values = rows[0] if len(rows) == 1 else tuple(map(max, *rows))
        worth = tuple(map(max, values, around.worth, *near[max(0, first - 1) : first], *near[last + 1 : last + 2]))
        sentences = passage.sentences[first : last + 1]
        text = document.body[sentences[0].start : sentences[-1].end]
        office = office_met(question, text, sentences, passage, offices)
        where, size = side_by_side(marks[first : last + 1], sizes[first : last + 1])
        features = measure(sought, around, Stretch(where, size, text, values, worth))
        if _answers_its_question(sought, around, first, last):
            features.replies = features.attribute = features.attribute_close = features.attribute_focus = 1.0
            features.defines = float(sought.defines is not None)
        features.passage_share, features.article_share = share.passage, share.article
        if whole_list:
            headed_by_focus = question.focus is not None and around.headed[question.focus] > 0
            features.whole_list = 1.0 if headed_by_focus else _UNNAMED_LIST
            features.replies = max(features.replies, float(headed_by_focus))  # "Syaratnya:" answers who asks for them
            features.items = min(last - first, 6) / 6
        features.joined = float(first != last)
        features.placed = float(bool(question.places) and place)
        features.timed = float(bool(question.times) and time)
        features.office = float(bool(question.offices) and office)
        found.append(Candidate(passage, first, last, worth, place, time, office, features, model.score(features)))
    return found


def _answers_its_question(sought: Sought, around: Surroundings, first: int, last: int) -> bool:
    """Whether the article itself asks what is asked, and gives this stretch as the answer.

    Such an answer ("Gratis.", "Boleh.") need not hold any word of the question, nor look like a number or a person.
    """
    passage = around.passage
    sentences, body = passage.sentences, passage.document.body
    asked: Sequence[float] = ()
    if first == 0 and _same(passage.asked, sought.question.kind):
        asked = around.headed
    elif first < last:
        kind = question_asked(body[sentences[first].start : sentences[first].end])
        if _same(kind, sought.question.kind):
            asked = sought.strengths(sentences[first].held)
    # What the article opens with, its own questions leave out.
    return bool(asked) and sum(map(mul, around.left, asked)) >= _SAME_QUESTION * sum(around.left)


# Kinds that a question in one wording shares with the same question in another.
_ALIKE = (LIST_KINDS, frozenset({Kind.OPEN, Kind.KEYWORDS}), frozenset({Kind.COUNT, Kind.MONEY, Kind.PERCENT}))


def _same(one: Kind | None, other: Kind) -> bool:
    return one is other or (one is not None and any(one in alike and other in alike for alike in _ALIKE))


def _windows(passage: PassageTerms, kind: Kind) -> list[tuple[int, int]]:
    """Which stretches are considered, as first and last sentence.

    Each sentence; each short pair, as the number asked for often follows the sentence that names the matter; and for a
    question that a list answers, the whole list.
    """
    sentences = passage.sentences
    windows = [(index, index) for index in range(len(sentences))]
    if passage.kind is BlockKind.ROW:
        short = sentences[-1].end - sentences[0].start <= _LONGEST_LIST
        if kind not in LIST_KINDS or not short or len(sentences) == 1:
            return windows
        # One row is no answer to who asks for all of them; a table's row may be.
        body = passage.document.body
        table = is_row(body[sentences[-1].start : sentences[-1].end])
        return [*(windows if table else []), (0, len(sentences) - 1)]
    return windows + [
        (index, index + 1)
        for index in range(len(sentences) - 1)
        if sentences[index + 1].end - sentences[index].start <= _LONGEST_PAIR
    ]
