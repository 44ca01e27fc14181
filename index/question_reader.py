"""A question as typed -> ``Question``: words mended, then places and times taken out, then concepts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from index.article import ArticleDate
from index.asked import asked_kind, asks_for_several
from index.attributes import Kind
from index.dates import find_dates, relative_dates
from index.emphasis import (
    NEIGHBOURHOODS,
    STORY,
    asking_clause,
    asking_part,
    asks_by_itself,
    focus,
    office_asked,
    weigh_telling,
)
from index.instalments import series
from index.mending import Clause, Mender
from index.named_things import shown_by
from index.offices import houses
from index.orders import without_orders
from index.places import Gazetteer, Place, describe
from index.question import LIGHT, Concept, Constraint, Question, Variant
from index.stemming import Stemmer, root_words
from index.thesaurus import STRICT, Phrase, Thesaurus
from index.word_classes import AID, ATTRIBUTE_WORDS, DEFINITION_WORDS, GIVING, HEADS, MONEY_WORDS, is_verb

# Longer questions are read to here: 4,096 characters of chat hold one question, and it is near the beginning or end.
_LONGEST = 1_500
_MOST_CONCEPTS = 40  # of which no more are held against the archive: what weighs most, in its order
_TELLS_FROM = 18  # words from which a message is a story with a question in it
_ATTRIBUTE_WEIGHT = 0.3
_COMMAND = re.compile(r"^\s*/tanya(?:@\w+)?\s*", re.IGNORECASE)
_MENTION = re.compile(r"(?<!\w)@\w+")
_URL = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[,.;!?\n]+(?:\s+|$)")
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_NEWEST = re.compile(r"\b(?:(?:kabar |berita |info )?(?:ter|paling )(?:baru|kini|akhir kali)|sekarang|saat ini)\b")

_TELLS_OF_PLACE = re.compile(r"\b(?:itu|tuh|adalah) apa(?:an)?(?: (?:sih|ya|kah))*\W*$")


# A government is named by its place, which is a condition already.
_GOVERNMENT = frozenset({"pemkot", "pemkab", "pemko", "pemprov", "pemda"})
_GIVEN = tuple(Variant((stem,), 0.6) for stem in GIVING)


@dataclass(slots=True)
class _Found:
    """The concepts found so far, by their stems: at which words each stands; offices and abbreviations among them."""

    concepts: dict[Phrase, Concept] = field(default_factory=dict)
    occurrences: dict[Phrase, list[int]] = field(default_factory=dict)
    offices: list[tuple[Phrase, ...]] = field(default_factory=list)
    heads: set[Phrase] = field(default_factory=set)  # what the head of is asked for
    expansions: dict[str, str] = field(default_factory=dict)

    def add(self, key: Phrase, concept: Concept, index: int) -> None:
        # "penjabat (pj)" and "PKH program keluarga harapan" name one thing twice
        named = next((known for known, each in self.concepts.items() if each.is_said_by(key)), key)
        self.occurrences.setdefault(named, []).append(index)
        self.concepts.setdefault(named, concept)


class QuestionReader:
    """Reads questions against one archive's vocabulary."""

    def __init__(
        self,
        stemmer: Stemmer,
        function_words: frozenset[str],
        gazetteer: Gazetteer,
        thesaurus: Thesaurus,
        mender: Mender,
    ) -> None:
        self._stemmer = stemmer
        self._function_words = function_words
        self._gazetteer = gazetteer
        self._thesaurus = thesaurus
        self._mender = mender

    def read(self, text: str, today: date | None = None) -> Question:
        """Read one question. Never raises for any text; an unreadable one has no concepts.

        ``today`` is what "bulan lalu" is counted from; without it such words say nothing.
        """
        cleaned = _clean(text)
        clauses = [self._mender.clause(clause) for clause in _CLAUSE_END.split(cleaned)]
        words = [word for clause in clauses for word in clause.words]
        mended = " ".join(words)
        kind = _kind(clauses, mended if "?" not in cleaned else mended + " ?")
        taken = [False] * len(words)
        # Places and times before concepts: they are constraints, and "Banjar" is no flood.
        places = self._places(mended, words, taken)
        if kind is Kind.DEFINITION and not any(self._matters(word, kind) for word in _free(words, taken)):
            # "Apa itu KSB?": the term itself, whatever kabupaten goes by those letters.
            places, taken = (), [False] * len(words)
        elif kind is Kind.DEFINITION and places and _TELLS_OF_PLACE.search(mended):
            kind = Kind.OPEN  # "slogan Kota Mojokerto itu apa"
        times = _times(words, taken, today)
        _take_newest(words, taken)
        found = self._concepts(words, taken, kind)
        concepts, occurrences = tuple(found.concepts.values()), list(found.occurrences.values())
        beginnings = [spots[0] for spots in occurrences]
        naming = [spots for spots, concept in zip(occurrences, concepts, strict=True) if concept.weight == 1.0]
        part = asking_part(clauses, naming, kind)
        if len(concepts) > STORY or asks_by_itself(clauses, part):
            concepts = weigh_telling(concepts, occurrences, part)
            # When the teller came back from abroad is no condition on the answer.
            times = tuple(each for each in times if part[0] <= each.at < part[1])
        else:
            part = (0, len(words))
        if len(concepts) > _MOST_CONCEPTS:
            kept = sorted(sorted(range(len(concepts)), key=lambda number: -concepts[number].weight)[:_MOST_CONCEPTS])
            concepts = tuple(concepts[number] for number in kept)
            beginnings = [beginnings[number] for number in kept]
        # A midwife in the story is no condition on the answer; a bupati in the question is.
        asked = {concept.variants[0].stems for concept in concepts if concept.telling}
        offices = tuple(
            office
            for office in found.offices
            if asked.intersection(office) or any(name[1:] in found.heads for name in office)
        )
        return Question(
            text=text,
            words=mended,
            kind=kind,
            several=asks_for_several(mended) or len(places) > 1,
            concepts=concepts,
            places=places,
            times=times,
            offices=offices,
            office_asked=bool(found.heads) or office_asked(words, beginnings, concepts, offices),
            shown_by=shown_by(" ".join(words[slice(*part)])),
            focus=focus(words, beginnings, concepts, kind),
            newest=_NEWEST.search(mended) is not None,
            expansions=tuple(found.expansions.items()),
            corrections=tuple(pair for clause in clauses for pair in clause.corrections),
            known_share=sum(clause.known for clause in clauses) / len(words) if words else 0.0,
        )

    def _places(self, mended: str, words: Sequence[str], taken: list[bool]) -> tuple[Constraint, ...]:
        starts = _starts(words)
        found: list[Constraint] = []
        for mention in self._gazetteer.mentions(mended):
            for index, start in enumerate(starts):
                if mention.start <= start < mention.end:
                    # "ibu kota Jawa Timur": the town that is the capital of it
                    taken[index] = words[max(0, index - 1) : index + 1] != ["ibu", "kota"]
            found.append(Constraint(_shown_place(mention.places, explicit=mention.explicit), places=mention.places))
        # "di Praya, Lombok Tengah, NTB": the narrowest is meant.
        return tuple(
            dict.fromkeys(
                each
                for each in found
                if not any(_wider(each.places, other.places) for other in found if other.places != each.places)
            )
        )

    def _concepts(self, words: Sequence[str], taken: Sequence[bool], kind: Kind) -> _Found:
        stems = [self._stemmer.stem(word) for word in words]
        found = _Found()
        index = 0
        while index < len(words):
            if taken[index]:
                index += 1
                continue
            forms = series(words, stems, index)
            if forms is not None:
                key = forms[0].stems
                found.add(key, Concept(" ".join(words[index : index + 2]), key, forms, required=True), index)
                index += 2
                continue
            free = next((end for end in range(index, len(words)) if taken[end]), len(words))
            length = self._thesaurus.phrase_length(words[index:free], stems[index:free])
            if (
                length > 1
                and is_verb(words[index], stems[index])
                and self._thesaurus.office(tuple(stems[index : index + length]))
            ):
                length = 1  # who "mewakili bupati" is no wakil bupati
            span, key = tuple(words[index : index + length]), tuple(stems[index : index + length])
            if length > 1 or not self._droppable(span[0], kind):
                self._add(found, span, key, index, kind)
                if kind is Kind.WHO and index > 0 and words[index - 1] in HEADS and not self._thesaurus.office(key):
                    self._name_head(found, stems[index - 1], key)
            index += length
        return found

    def _name_head(self, found: _Found, head: str, key: Phrase) -> None:
        """Take "kepala disnakertrans" for an office, though no list has it: whoever heads something else is another."""
        concept = found.concepts[key]
        found.offices.append(
            tuple((head, *variant.stems) for variant in concept.variants if variant.strength >= STRICT)
        )
        found.heads.add(key)

    def _add(self, found: _Found, span: tuple[str, ...], key: Phrase, index: int, kind: Kind) -> None:
        shown = " ".join(span)
        office = self._thesaurus.office(key)
        other = houses(office) if office and kind is not Kind.WHO else ()
        # of whom one heard it ("dengar dari bu RT") is no office that the answer has to speak of
        if office is not None and (kind is Kind.WHO or key[-1] not in NEIGHBOURHOODS):
            found.offices.append((*office, *other))
        # "lansia", "pos" and "hut" abbreviate something too, but are words that need no spelling out.
        named = self._thesaurus.abbreviates(shown) and shown not in root_words()
        if named and len(span) == 1:
            found.expansions[shown] = self._thesaurus.long_forms(shown)[0]
        attributes = MONEY_WORDS if kind is Kind.MONEY else ATTRIBUTE_WORDS
        soft = all(word.removesuffix("nya") in attributes for word in span)
        variants = self._thesaurus.variants(key, named=named)
        if kind is Kind.AID and key == AID:
            variants += _GIVEN
        variants += tuple(Variant(house, STRICT) for house in other)
        weight = (
            _ATTRIBUTE_WEIGHT
            if soft or _GOVERNMENT.issuperset(span)
            else LIGHT
            if len(span) == 1 and is_verb(shown, key[0])
            else 1.0
        )
        found.add(key, Concept(shown, span, variants, weight, whole=self._thesaurus.is_name(key)), index)

    def _matters(self, word: str, kind: Kind) -> bool:
        return not self._droppable(word, kind) and word.removesuffix("nya") not in ATTRIBUTE_WORDS

    def _droppable(self, word: str, kind: Kind) -> bool:
        if word in self._function_words or (len(word) == 1 and not word.isdigit()):
            return True
        return kind is Kind.DEFINITION and word in DEFINITION_WORDS


def _kind(clauses: Sequence[Clause], mended: str) -> Kind:
    """What kind of thing is asked for; of a story, which may hold "uang" far from "berapa", by its last question."""
    clause = asking_clause(clauses) if sum(len(each.words) for each in clauses) > _TELLS_FROM else None
    asked = asked_kind(" ".join(clause.words)) if clause else Kind.KEYWORDS
    return asked if asked is not Kind.KEYWORDS else asked_kind(mended)


def _take_newest(words: Sequence[str], taken: list[bool]) -> None:
    """Mark the words that ask for the newest: they are an order, and no matter to look up."""
    for match in _NEWEST.finditer(" ".join(words)):
        for index, start in enumerate(_starts(words)):
            taken[index] |= match.start() <= start < match.end()


def _free(words: Sequence[str], taken: Sequence[bool]) -> list[str]:
    return [word for word, gone in zip(words, taken, strict=True) if not gone]


def _wider(places: Sequence[Place], others: Sequence[Place]) -> bool:
    return all(any(place.covers(other) for place in places) for other in others)


def _clean(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    if len(text) > _LONGEST:
        text = f"{text[: _LONGEST // 2]} {text[-_LONGEST // 2 :]}"
    return without_orders(_URL.sub(" ", _MENTION.sub(" ", _COMMAND.sub("", text))))


def _starts(words: Sequence[str]) -> list[int]:
    starts, offset = [], 0
    for word in words:
        starts.append(offset)
        offset += len(word) + 1
    return starts


def _shown_place(places: tuple[Place, ...], *, explicit: bool) -> str:
    return (
        places[0].full_name
        if len(places) == 1 and explicit
        else places[0].name
        if len(places) > 1
        else describe(places)
    )


def _times(words: Sequence[str], taken: list[bool], today: date | None) -> tuple[Constraint, ...]:
    starts, text = _starts(words), " ".join(words)
    found = {}
    for mention in (*find_dates(text), *(relative_dates(text, today) if today else ())):
        # A day without a year is mostly what the question is about ("kenapa tanggal 20 Desember"), and no condition.
        if mention.date.year is not None or mention.date.day is None:
            at = next((index for index, start in enumerate(starts) if start >= mention.start), 0)
            found[str(mention.date)] = Constraint(str(mention.date), dates=(mention.date,), at=at)
            for index, start in enumerate(starts):
                # "tahun 2023": the word before a bare year belongs to it.
                if mention.start <= start < mention.end or (words[index] == "tahun" and mention.start == start + 6):
                    taken[index] = True
    for index, word in enumerate(words):
        if _YEAR.match(word) and not taken[index]:
            taken[index] = True
            found[word] = Constraint(word, dates=(ArticleDate(year=int(word)),), at=index)
    return tuple(found.values())
