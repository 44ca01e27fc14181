"""Fit index/words/model.json on the practice sets, with cross-validation.

    python benchmarks/fit.py [--write] [FOLDER:QUESTIONS ...]      # without any: all practice sets of the gate

Two linear models over index.model.Features: a listwise softmax for the order of sentences (the likelihood that a right
sentence comes first), then a logistic regression for whether the first one is right. Both are ridge regularised and
fitted by Newton's method or gradient descent on a convex loss, so that a run gives the same weights every time.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from dataclasses import astuple, dataclass, replace
from pathlib import Path

import numpy as np

from index.analysis import stems
from index.answering import BEHIND_SCALE
from index.archive import Archive
from index.attributes import Kind
from index.conditions import can_answer
from index.conversation import is_fragment
from index.evaluation import Case, read_cases
from index.gate import read_gate
from index.lexicon import load_lexicon
from index.matching import strength
from index.model import MODEL_FILE, NAMES
from index.places import load_gazetteer
from index.smalltalk import SmalltalkReader
from index.snippets import compose
from index.stemming import Stemmer

GATE = Path("tests/golden/gate.toml")
# A wrong answer harms more than "tidak ada di arsip": this share of unanswerable questions is declined, in
# cross-validation, and as many of the others answered as that allows. Over a third of them are near misses, many more
# than people send.
DECLINED_FLOOR = 0.92
# Of that likelihood, the share from which the nearest material is worth quoting.
RELATED = 0.55
FOLDS, SPLITS = 5, 3
# Features that only the confidence may use: the same for every sentence of a question, they cannot order any.
QUESTION_LEVEL = {"concepts", "behind", "crowd"}
# Features that only order sentences: where one stands in its article says nothing of whether the article answers.
SENTENCE_LEVEL = {"joined", "whole_list", "short", "lead", "title", "caption", "row", "article_share"}
SPEAK_FOR = {
    "coverage", "exact", "heaviest", "focus", "focus_exact", "matched", "literal", "beyond", "passage_share", "close",
    "attribute", "attribute_close", "attribute_focus", "placed", "timed", "defines", "office",
}  # fmt: skip
SPEAK_AGAINST = {"missing", "unmet", "heaviest_missing", "behind", "crowd"}
# What a made example weighs beside a real one: there are two or three of them to each answerable question.
MADE_WEIGHT = 0.15
TALK = SmalltalkReader(load_lexicon())


@dataclass
class Example:
    case: Case
    question: object
    candidates: list  # those that the answerer may choose from
    features: np.ndarray  # (candidates, features)
    rivals: np.ndarray  # (rivals, features) of what matches too, but lacks the thing asked for
    right: np.ndarray  # (candidates,) whether each sentence holds a right answer
    group: int  # examples made from one question stay in one fold
    made: bool = False  # made by taking the answer out of the archive


def practice_sets():
    """The gate's sets that may be fitted on, as FOLDER:QUESTIONS."""
    sets = [each for each in read_gate(GATE) if "heldout" not in each.name]
    return [f"{each.folder}:{file}" for each in sets for file in each.files]


def examples(pairs):
    """An example per question, and per answerable one two or three more that must be declined.

    Without its gold articles the archive shows what it says beside the matter; without the gold paragraphs, what a near
    miss looks like: the right article, the thing asked for missing. A question that names a place is also asked of
    another one, of which the archive has an article that lacks something asked about.
    """
    group = 0
    for pair in pairs:
        folder, _, file = pair.partition(":")
        stemmer = Stemmer()
        articles = tuple(Archive.open(Path(folder)).articles)
        whole = Archive(articles, stemmer=stemmer)
        for case in read_cases(Path(file)):
            if case.previous:
                continue
            group += 1
            yield from _example(whole, case, group)
            if case.answerable:
                declined = replace(case, answerable=False, gold_articles=(), must_contain_any=())
                others = [each for each in articles if not each.id.startswith(case.gold_articles)]
                yield from _example(Archive(others, stemmer=stemmer), declined, group, made=True)
                without = [_without_answer(each, case) for each in articles]
                yield from _example(Archive(without, stemmer=stemmer), declined, group, made=True)
                for moved in _moved(whole, articles, case, stemmer):
                    yield from _example(whole, replace(declined, question=moved), group, made=True)


def _moved(archive, articles, case, stemmer):
    """The question asked of the place of another article that does not hold all that it names; at most one."""
    mentions = list(load_gazetteer().mentions(case.question))
    read = archive.read(case.question)
    if len(mentions) != 1 or len(read.places) != 1 or read.several or read.kind is Kind.AID:
        return
    gold = [place for each in articles if each.id.startswith(case.gold_articles) for place in _places(each)]
    for article in articles:
        others = [place for place in _places(article) if not any(one.code[:2] == place.code[:2] for one in gold)]
        held = frozenset(stems(article.body, stemmer))
        if others and any(concept.telling and strength(concept, held) == 0.0 for concept in read.concepts):
            mention = mentions[0]
            yield case.question[: mention.start] + others[0].full_name + case.question[mention.end :]
            return


def _places(article):
    return article.locality.places if article.locality else ()


def _without_answer(article, case):
    kept = tuple(
        block for block in article.blocks if not case.holds_answer(article.id, article.body[block.start : block.end])
    )
    return replace(article, blocks=kept)


def _example(archive, case, group, *, made=False):
    explained = archive.explain(case.question)
    question = explained.question
    if TALK.read(case.question, question) or not question.concepts or is_fragment(question):
        return
    able = [each for each in explained.candidates if each.eligible and can_answer(question, each)]
    if able:
        snippets = [compose(question, [each])[0] for each in able]
        yield Example(
            case,
            question,
            able,
            np.array([astuple(each.features) for each in able]),
            np.array([astuple(each.features) for each in explained.candidates if each.eligible and each not in able]),
            np.array([case.answerable and case.right(snippet) for snippet in snippets]),
            group,
            made,
        )


def fit_ranking(items, *, ridge=1.0, steps=400, rate=0.5, start=None):
    """Listwise softmax: maximise the summed likelihood that a right sentence is drawn first."""
    weights = np.zeros(len(NAMES)) if start is None else start.copy()
    free = np.array([name not in QUESTION_LEVEL for name in NAMES], dtype=float)
    useful = [item for item in items if item.right.any() and not item.right.all()]
    for _ in range(steps):
        gradient = -ridge * weights
        for item in useful:
            scores = item.features @ weights
            chance = np.exp(scores - scores.max())
            chance /= chance.sum()
            wanted = chance * item.right
            gradient += item.features.T @ (wanted / wanted.sum() - chance)
        weights += rate * free * gradient / len(useful)
    return weights


def ranked(item, weights):
    """(The first candidate by a fitted ranking, its features, whether an answer made of all of them is right)."""
    scores = item.features @ weights
    order = np.argsort(-scores, kind="stable")
    candidates = [replace(item.candidates[i], score=float(scores[i])) for i in order]
    snippets = compose(item.question, candidates)
    right = item.case.answerable and any(item.case.right(snippet) for snippet in snippets)
    first = item.features[order[0]].copy()
    highest = (item.rivals @ weights).max(initial=-np.inf) if len(item.rivals) else -np.inf
    first[NAMES.index("behind")] = max(0.0, highest - scores[order[0]]) / BEHIND_SCALE
    return int(order[0]), first, right


def tops(items, weights):
    """The features of each question's first candidate, and whether the answer shown with it is right."""
    pairs = [(item, *ranked(item, weights)) for item in items]
    return (
        np.array([first for _, _, first, _ in pairs]),
        np.array([float(right) for *_, right in pairs]),
        np.array([MADE_WEIGHT if item.made else 1.0 for item in items]),
    )


def fit_confidence(rows, labels, weights, *, ridge=30.0, steps=4000):
    """Logistic regression by projected gradient ascent; returns (weights per feature, bias).

    A feature that can only speak for an answer is kept from speaking against it, and the other way round: with few
    examples, correlated features otherwise take opposite signs that hold on no other archive.
    """
    scale = rows.std(axis=0)
    scale[scale < 1e-6] = 1.0  # the same in every example
    design = np.hstack([rows / scale, np.ones((len(rows), 1))])
    fitted = np.zeros(design.shape[1])
    lower = np.array([0.0 if name in SPEAK_FOR | SENTENCE_LEVEL else -np.inf for name in NAMES] + [-np.inf])
    upper = np.array([0.0 if name in SPEAK_AGAINST | SENTENCE_LEVEL else np.inf for name in NAMES] + [np.inf])
    penalty = np.full(design.shape[1], ridge)
    penalty[-1] = 0.0
    # The loss is smooth: with the inverse of its largest curvature as the step, ascent never overshoots.
    rate = 1 / (np.linalg.eigvalsh((design.T * weights) @ design / 4).max() + ridge)
    for _ in range(steps):
        chance = 1 / (1 + np.exp(-design @ fitted))
        gradient = design.T @ (weights * (labels - chance)) - penalty * fitted
        fitted = np.clip(fitted + rate * gradient, lower, upper)
    return fitted[:-1] / scale, fitted[-1]


def judge(items, ranking, confidence, bias):
    """Per question: (likelihood of its first candidate; answer right; first sentence right; answerable)."""
    judged = []
    for item in items:
        number, first, right = ranked(item, ranking)
        chance = 1 / (1 + np.exp(-(first @ confidence + bias)))
        judged.append((chance, right, bool(item.right[number]), item.case.answerable))
    return judged


def threshold(judged, cases):
    """The lowest likelihood at which the floor of unanswerable questions, of all in ``cases``, is declined."""
    unanswerable = sum(not case.answerable for case in cases) * SPLITS
    for cut in np.arange(0.10, 0.90, 0.01):
        shown = sum(chance >= cut for chance, *_, answerable in judged if not answerable)
        if 1 - shown / unanswerable >= DECLINED_FLOOR:
            return float(cut)
    return 0.90


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", nargs="*", metavar="FOLDER:QUESTIONS", help="by default all practice sets of the gate")
    parser.add_argument("--write", action="store_true", help="write the model file")
    options = parser.parse_args()
    pairs = options.pairs or practice_sets()
    items = list(examples(pairs))
    held_out = []
    for split, fold in itertools.product(range(SPLITS), range(FOLDS)):
        fold_of = np.random.default_rng(split).integers(0, FOLDS, max(item.group for item in items) + 1)
        train = [item for item in items if fold_of[item.group] != fold]
        test = [item for item in items if fold_of[item.group] == fold and not item.made]
        ranking = fit_ranking(train)
        held_out += judge(test, ranking, *fit_confidence(*tops(train, ranking)))
    cut = threshold(held_out, [case for pair in pairs for case in read_cases(Path(pair.partition(":")[2]))])
    answerable = [row for row in held_out if row[3]]
    others = [row for row in held_out if not row[3]]
    shown = [row for row in held_out if row[0] >= cut]
    print(f"{len(held_out) // SPLITS} questions; cross-validated, {SPLITS} times {FOLDS} folds, threshold {cut:.2f}:")
    print(f"  a right sentence comes first for {np.mean([row[2] for row in answerable]):.1%} of the answerable")
    print(f"  answered rightly {np.mean([row[0] >= cut and row[1] for row in answerable]):.1%}", end=", ")
    print(f"declined rightly {np.mean([row[0] < cut for row in others]):.1%}", end=", ")
    print(f"reliability {np.mean([row[1] for row in shown]):.1%}")
    ranking = fit_ranking(items)
    confidence, bias = fit_confidence(*tops(items, ranking))
    for name, r, c in zip(NAMES, ranking, confidence, strict=True):
        print(f"  {name:18} ranking {r:+.2f}  confidence {c:+.2f}")
    if options.write:
        model = {
            "made_by": " ".join(["python benchmarks/fit.py", *options.pairs, "--write"]),
            "ranking": {name: round(float(value), 3) for name, value in zip(NAMES, ranking, strict=True)},
            "confidence": {name: round(float(value), 3) for name, value in zip(NAMES, confidence, strict=True)},
            "bias": round(float(bias), 3),
            "answered": round(cut, 2),
            "related": round(cut * RELATED, 2),
        }
        MODEL_FILE.write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
