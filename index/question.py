"""A question as typed -> what is asked: concepts to match, constraints to meet, and the kind of thing wanted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from index.analysis import tokenize
from index.answer import Understanding
from index.article import ArticleDate
from index.attributes import Kind, asked_kind, asks_for_several, shown_by
from index.colloquial import standard_form
from index.dates import find_dates
from index.lexicon import Lexicon
from index.places import Gazetteer, Place, describe
from index.spelling import Speller
from index.stemming import Stemmer

# Words that begin or end no term: a synonym phrase with one at its edge stands for a clause.
_NO_PHRASE_EDGE = frozenset(
    """
    dapat bisa yang untuk dan di ke dari ada akan sudah oleh dengan
    """.split()
)
# Longer questions are read to here: 4,096 characters of chat hold one question, and it is near the beginning or end.
_LONGEST = 1_500
_COMMAND = re.compile(r"^\s*/tanya(?:@\w+)?\s*", re.IGNORECASE)
_MENTION = re.compile(r"(?<!\w)@\w+")
_URL = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_REDUPLICATED = re.compile(r"^([a-z]{3,})2(nya|an)?$")  # "nilai2"
_HELD_DOWN = re.compile(r"([a-z])\1{2,}")
_YEAR = re.compile(r"^(?:19|20)\d\d$")


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to say a concept: its stems in order, and how surely it means the same (0 to 1)."""

    stems: tuple[str, ...]
    strength: float


@dataclass(frozen=True, slots=True)
class Concept:
    """A thing that the question is about, with every way the archive may say it; ``weight`` scales its idf."""

    shown: str
    words: tuple[str, ...]
    variants: tuple[Variant, ...]
    weight: float = 1.0
    required: bool = False  # "tahap 4": another stage is another matter


@dataclass(frozen=True, slots=True)
class Constraint:
    """A place or time that the answer's article must be of; met through ``places`` or ``dates``, whichever is given."""

    shown: str
    places: tuple[Place, ...] = ()
    dates: tuple[ArticleDate, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What was understood of a question. An empty ``concepts`` means that it names nothing to look up."""

    text: str
    words: str  # mended, lower case
    kind: Kind
    several: bool
    concepts: tuple[Concept, ...]
    places: tuple[Constraint, ...] = ()
    times: tuple[Constraint, ...] = ()
    offices: tuple[tuple[tuple[str, ...], ...], ...] = ()  # each office asked about, as the stems of its names
    office_asked: bool = False  # the question is who holds the office, not what its holder did
    shown_by: tuple[re.Pattern[str], ...] = ()  # what a sentence must show: a phone number, a link, an age, ...
    focus: int | None = None  # which concept stands beside the question word: "merk" of "merk mesin jahitnya apa"
    newest: bool = False
    expansions: tuple[tuple[str, str], ...] = ()
    corrections: tuple[tuple[str, str], ...] = ()
    known_share: float = 1.0  # of its words, those that are Indonesian or in the archive
    follows: str | None = field(default=None)

    @property
    def understanding(self) -> Understanding:
        """For showing back to the person."""
        return Understanding(
            topic=tuple(concept.shown for concept in self.concepts),
            expansions=self.expansions,
            corrections=self.corrections,
            place=", ".join(constraint.shown for constraint in self.places) or None,
            time=", ".join(constraint.shown for constraint in self.times) or None,
            follows=self.follows,
        )


# Words that name the attribute asked for and not the matter: a sentence that answers "syaratnya apa" may well list the
# conditions without the word "syarat", so they weigh less than the matter does.
_ATTRIBUTE_WORDS = frozenset(
    """
    jumlah besar besaran nilai nominal banyak nama tanggal hari jam pukul tahun bulan waktu jadwal lokasi tempat
    alamat letak cara langkah prosedur mekanisme tahap syarat persyaratan ketentuan kriteria tujuan manfaat alasan
    sebab fungsi guna isi macam jenis bentuk rincian rangkaian termasuk terdiri unsur artikel berita daerah
    wilayah kabupaten kota provinsi acara kegiatan kejadian peristiwa warga masyarakat bahas membahas dibahas
    menyebut disebut nyebut menyinggung disinggung nyinggung memuat dimuat bercerita menceritakan kata bilang
    sebut ujar ucap sampaikan bicara info informasi kabar soal tentang terkait mengenai pihak orang kalimat
    lengkap persen persentase rupiah berapa
    """.split()
)
_ATTRIBUTE_WEIGHT = 0.3
# What a request for a definition is made of; the rest of it is the term.
_DEFINITION_WORDS = frozenset(
    """
    arti artinya maksud maksudnya dimaksud pengertian pengertiannya definisi definisinya kepanjangan
    kepanjangannya singkatan singkatannya akronim istilah makna maknanya jelaskan sebenarnya dengan dari sebutan
    program bagian lembaga organisasi instansi kegiatan penyakit
    """.split()
)
_NEWEST = re.compile(r"\b(?:terbaru|terkini|paling baru|terakhir kali|sekarang|saat ini)\b")
_STRICT, _LOOSE, _LOOSER = 0.9, 0.6, 0.4


# From this many concepts on a message is a story with a question in it, and what stands outside the clause that asks
# weighs less.
_STORY = 7
_TOLD_WEIGHT = 0.35
_CLAUSE_END = re.compile(r"[,.;!?\n]+(?:\s+|$)")


@dataclass(frozen=True, slots=True)
class _Clause:
    words: list[str]
    corrections: list[tuple[str, str]]
    known: int


class QuestionReader:
    """Reads questions against one archive's vocabulary.

    Args:
        mined: abbreviation (lower case) -> long forms found in the archive's own "Bentuk Panjang (SINGKATAN)".
        neighbours: pairs of lower-case words that stand together in the archive, one of them slang elsewhere: the
            "kasih" of a programme "Rantang Kasih" is not "memberi".
    """

    def __init__(
        self,
        stemmer: Stemmer,
        lexicon: Lexicon,
        gazetteer: Gazetteer,
        speller: Speller,
        mined: Mapping[str, tuple[str, ...]],
        neighbours: AbstractSet[tuple[str, str]],
    ) -> None:
        self._stemmer = stemmer
        self._lexicon = lexicon
        self._gazetteer = gazetteer
        self._speller = speller
        self._neighbours = neighbours
        self._long_forms = _long_forms(lexicon, mined)
        self._phrases: dict[tuple[str, ...], dict[tuple[str, ...], float]] = {}
        self._offices: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {}
        self._learn()
        self._longest_phrase = max((len(phrase) for phrase in (*self._phrases, *self._offices)), default=1)

    # -- what can stand for what ------------------------------------------------------------------------------

    def _stems(self, phrase: str) -> tuple[str, ...]:
        return tuple(self._stemmer.stem(token.word) for token in tokenize(phrase))

    def _learn(self) -> None:
        for short, forms in self._long_forms.items():
            for form in forms:
                self._link(self._stems(short), self._stems(form), 1.0)
        for group in self._lexicon.synonyms:
            strict = [self._stems(member) for member in group.members]
            loose = [self._stems(member) for member in group.loose]
            _link_all(self._link, strict, strict, _STRICT)
            _link_all(self._link, strict, loose, _LOOSE)
            _link_all(self._link, loose, loose, _LOOSER)
        for names in self._lexicon.offices:
            stemmed = tuple(self._stems(name) for name in names)
            for name in stemmed:
                self._offices[name] = stemmed
            _link_all(self._link, stemmed, stemmed, 1.0)

    def _link(self, one: tuple[str, ...], other: tuple[str, ...], strength: float) -> None:
        if one and other and one != other:
            for key, value in ((one, other), (other, one)):
                variants = self._phrases.setdefault(key, {})
                variants[value] = max(strength, variants.get(value, 0.0))

    @property
    def office_names(self) -> Collection[tuple[str, ...]]:
        """The stems of every office that has a name in the lists."""
        return self._offices.keys()

    # -- reading ----------------------------------------------------------------------------------------------

    def read(self, text: str) -> Question:
        """Read one question. Never raises for any text; an unreadable one has no concepts."""
        cleaned = _clean(text)
        clauses = [self._mended(clause) for clause in _CLAUSE_END.split(cleaned)]
        words = [word for clause in clauses for word in clause.words]
        corrections = [pair for clause in clauses for pair in clause.corrections]
        known = sum(clause.known for clause in clauses)
        mended = " ".join(words)
        kind = asked_kind(mended if "?" not in cleaned else mended + " ?")
        taken = [False] * len(words)
        places = self._places(mended, words, taken)
        times = _times(words, taken)
        concepts, offices, expansions, occurrences = self._concepts(words, taken, kind)
        if len(concepts) > _STORY:
            concepts = _within(concepts, occurrences, _asking_part(clauses, occurrences))
        beginnings = [spots[0] for spots in occurrences]
        return Question(
            text=text,
            words=mended,
            kind=kind,
            several=asks_for_several(mended) or len(places) > 1,
            concepts=concepts,
            places=places,
            times=times,
            offices=offices,
            office_asked=_office_asked(concepts, offices),
            shown_by=shown_by(mended),
            focus=_focus(words, beginnings, concepts, kind),
            newest=_NEWEST.search(mended) is not None,
            expansions=expansions,
            corrections=tuple(corrections),
            known_share=known / len(words) if words else 0.0,
        )

    def _mended(self, text: str) -> _Clause:
        """The words of a clause in standard spelling; what was mended; how many of them are known."""
        typed = [text[token.start : token.end] for token in tokenize(text)]
        as_typed = {word.lower(): word for word in typed}
        lowered = [_HELD_DOWN.sub(r"\1", _REDUPLICATED.sub(r"\1\2", word)) for word in (word.lower() for word in typed)]
        words: list[str] = []
        corrections: list[tuple[str, str]] = []
        known = 0
        # Slang first: "ga" is no misspelling. Then spelling, with the capitals that were typed: they may say "name".
        standard = [standard_form(word, self._known) or word for word in self._standard(lowered)]
        for mended in self._speller.mend_all([as_typed.get(word, word) for word in standard]):
            if mended.changed:
                corrections.append((" ".join(mended.typed), " ".join(mended.read)))
            for word in mended.read:
                low = word.lower()
                known += mended.changed or self._known(low)
                words += [token.word for token in tokenize(low)]
        return _Clause(words, corrections, known)

    def _known(self, word: str) -> bool:
        return word in self._long_forms or self._speller.knows(word)

    def _standard(self, words: Sequence[str]) -> list[str]:
        """Slang put into standard words, except where the archive itself has the words side by side."""
        standard: list[str] = []
        loose: list[str] = []
        for index, word in enumerate(words):
            pairs = {(previous, word) for previous in words[max(0, index - 1) : index]}
            pairs |= {(word, following) for following in words[index + 1 : index + 2]}
            if pairs & self._neighbours:
                standard += [*self._lexicon.mend(loose), word]
                loose = []
            else:
                loose.append(word)
        return [*standard, *self._lexicon.mend(loose)]

    def _places(self, mended: str, words: Sequence[str], taken: list[bool]) -> tuple[Constraint, ...]:
        starts = _starts(words)
        found: list[Constraint] = []
        for mention in self._gazetteer.mentions(mended):
            for index, start in enumerate(starts):
                if mention.start <= start < mention.end:
                    taken[index] = True
            found.append(Constraint(_shown_place(mention.places, mention.explicit), places=mention.places))
        # "di Praya, Lombok Tengah, NTB": the narrowest is meant.
        return tuple(
            dict.fromkeys(
                each
                for each in found
                if not any(_wider(each.places, other.places) for other in found if other.places != each.places)
            )
        )

    def _concepts(
        self, words: Sequence[str], taken: list[bool], kind: Kind
    ) -> tuple[
        tuple[Concept, ...], tuple[tuple[tuple[str, ...], ...], ...], tuple[tuple[str, str], ...], list[list[int]]
    ]:
        """The concepts, the offices among them, the abbreviations expanded, and at which words each concept stands."""
        stems = [self._stemmer.stem(word) for word in words]
        concepts: dict[tuple[str, ...], Concept] = {}
        offices: list[tuple[tuple[str, ...], ...]] = []
        expansions: dict[str, str] = {}
        occurrences: dict[tuple[str, ...], list[int]] = {}
        index = 0
        while index < len(words):
            if taken[index]:
                index += 1
                continue
            series = _series(words, stems, index)
            if series is not None:
                key = series[0].stems
                occurrences.setdefault(key, []).append(index)
                concepts[key] = Concept(f"{words[index]} {words[index + 1]}", key, series, required=True)
                index += 2
                continue
            length = self._phrase_length(words, stems, taken, index)
            span = tuple(words[index : index + length])
            key = tuple(stems[index : index + length])
            index += length
            if length == 1 and self._droppable(span[0], kind):
                continue
            if key in self._offices:
                offices.append(self._offices[key])
            shown = " ".join(span)
            if length == 1 and shown in self._long_forms:
                expansions[shown] = self._long_forms[shown][0]
            weight = _ATTRIBUTE_WEIGHT if length == 1 and span[0].removesuffix("nya") in _ATTRIBUTE_WORDS else 1.0
            variants = {key: 1.0, **self._phrases.get(key, {})}
            occurrences.setdefault(key, []).append(index - length)
            if shown in self._long_forms:
                # A named programme is not its kind: KIP Kuliah is a scholarship, another scholarship is no KIP Kuliah.
                variants = {stems: strength for stems, strength in variants.items() if strength >= _STRICT}
            if key not in concepts:
                ranked = sorted(variants.items(), key=lambda item: -item[1])
                concepts[key] = Concept(
                    shown, span, tuple(Variant(stem, strength) for stem, strength in ranked), weight
                )
        return tuple(concepts.values()), tuple(offices), tuple(expansions.items()), list(occurrences.values())

    def _phrase_length(self, words: Sequence[str], stems: Sequence[str], taken: Sequence[bool], index: int) -> int:
        for length in range(min(self._longest_phrase, len(stems) - index), 1, -1):
            key = tuple(stems[index : index + length])
            if any(taken[index : index + length]) or not (key in self._phrases or key in self._offices):
                continue
            # "dapat bantuan" is no phrase of its own: taking it for "menerima" would lose "bantuan".
            if key in self._offices or not {words[index], words[index + length - 1]} & _NO_PHRASE_EDGE:
                return length
        return 1

    def _droppable(self, word: str, kind: Kind) -> bool:
        if word in self._lexicon.function_words or (len(word) == 1 and not word.isdigit()):
            return True
        return kind is Kind.DEFINITION and word in _DEFINITION_WORDS

    def long_forms(self, short: str) -> tuple[str, ...]:
        """What an abbreviation (lower case) stands for, the archive's own forms first."""
        return self._long_forms.get(short, ())


# What comes in numbered instalments: "tahap 4", "gelombang kedua".
_SERIES = frozenset(
    """
    tahap gelombang angkatan periode batch jilid sesi putaran triwulan semester termin edisi musim
    """.split()
)
_ORDINAL_FORMS = (
    ("1", "satu", "pertama", "i"), ("2", "dua", "kedua", "ii"), ("3", "tiga", "ketiga", "iii"),
    ("4", "empat", "keempat", "iv"), ("5", "lima", "kelima", "v"), ("6", "enam", "keenam", "vi"),
    ("7", "tujuh", "ketujuh", "vii"), ("8", "delapan", "kedelapan", "viii"), ("9", "sembilan", "kesembilan", "ix"),
    ("10", "sepuluh", "kesepuluh", "x"),
)  # fmt: skip


def _series(words: Sequence[str], stems: Sequence[str], index: int) -> tuple[Variant, ...] | None:
    """The ways to write the instalment that begins at a word ("tahap 4": also "tahap IV", "tahap keempat")."""
    if words[index] not in _SERIES or index + 1 >= len(words):
        return None
    for forms in _ORDINAL_FORMS:
        if words[index + 1] in forms:
            first = (words[index + 1], stems[index + 1])
            return tuple(Variant((stems[index], form), 1.0) for form in dict.fromkeys((*first, *forms)))
    return None


def _wider(places: Sequence[Place], others: Sequence[Place]) -> bool:
    return all(any(place.covers(other) for place in places) for other in others)


def _office_asked(concepts: Sequence[Concept], offices: Sequence[tuple[tuple[str, ...], ...]]) -> bool:
    """Whether the first thing that a question names is an office ("siapa bupati ...", "nama kepala dinas ...")."""
    names = {name for office in offices for name in office}
    telling = [concept for concept in concepts if concept.weight == 1.0]
    return bool(telling) and telling[0].variants[0].stems in names


def _asking_part(clauses: Sequence[_Clause], occurrences: Sequence[Sequence[int]]) -> tuple[int, int]:
    """The words (from, to) of the last clause that asks, with the clause before it when it names next to nothing."""
    edges = [0]
    for clause in clauses:
        edges.append(edges[-1] + len(clause.words))
    asking = [index for index, clause in enumerate(clauses) if _QUESTION_WORDS.intersection(clause.words)]
    last = asking[-1] if asking else len(clauses) - 1
    first = last
    while first > 0 and sum(_any_within(spots, edges[first], edges[last + 1]) for spots in occurrences) < 2:
        first -= 1
    return edges[first], edges[last + 1]


def _any_within(spots: Sequence[int], start: int, end: int) -> bool:
    return any(start <= spot < end for spot in spots)


def _within(
    concepts: Sequence[Concept], occurrences: Sequence[Sequence[int]], part: tuple[int, int]
) -> tuple[Concept, ...]:
    """The concepts with those told outside the part that asks weighing less: together at most half of what is asked."""
    asked = [_any_within(spots, *part) for spots in occurrences]
    told = len(asked) - sum(asked)
    share = min(_TOLD_WEIGHT, 0.5 * sum(asked) / told) if told else 1.0
    return tuple(
        concept if within else replace(concept, weight=concept.weight * share)
        for concept, within in zip(concepts, asked, strict=True)
    )


_QUESTION_WORDS = frozenset(
    """
    apa apakah siapa siapakah kapan mana dimana berapa bagaimana mengapa kenapa apaan
    """.split()
)


def _focus(words: Sequence[str], beginnings: Sequence[int], concepts: Sequence[Concept], kind: Kind) -> int | None:
    """The concept that the question word asks about: the one after it.

    When it comes last, that is the question's first concept ("merk mesin jahitnya apa"), or for a place and a time the
    event right before it ("jambore diadakan di mana").
    """
    asked = next((index for index, word in enumerate(words) if word in _QUESTION_WORDS), None)
    if asked is None or not concepts:
        return None
    highest = max(concept.weight for concept in concepts)
    telling = [number for number, concept in enumerate(concepts) if concept.weight == highest]
    after = next((number for number in telling if beginnings[number] > asked), None)
    if after is not None:
        return after
    return telling[-1] if kind in (Kind.WHERE, Kind.WHEN) else telling[0]


def _link_all(
    link: object, ones: Iterable[tuple[str, ...]], others: Iterable[tuple[str, ...]], strength: float
) -> None:
    assert callable(link)
    others = list(others)
    for one in ones:
        for other in others:
            link(one, other, strength)


def _long_forms(lexicon: Lexicon, mined: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    forms = {short: tuple(expansion.long for expansion in known) for short, known in lexicon.abbreviations.items()}
    for short, long in mined.items():
        forms[short] = tuple(dict.fromkeys((*long, *forms.get(short, ()))))
    return forms


def _clean(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    if len(text) > _LONGEST:
        text = f"{text[: _LONGEST // 2]} {text[-_LONGEST // 2 :]}"
    return _URL.sub(" ", _MENTION.sub(" ", _COMMAND.sub("", text)))


def _starts(words: Sequence[str]) -> list[int]:
    starts, offset = [], 0
    for word in words:
        starts.append(offset)
        offset += len(word) + 1
    return starts


def _shown_place(places: tuple[Place, ...], explicit: bool) -> str:  # noqa: FBT001
    return (
        places[0].full_name
        if len(places) == 1 and explicit
        else places[0].name
        if len(places) > 1
        else describe(places)
    )


def _times(words: Sequence[str], taken: list[bool]) -> tuple[Constraint, ...]:
    mended = " ".join(words)
    starts = _starts(words)
    found = {}
    for mention in find_dates(mended):
        if mention.date.year is not None:
            found[str(mention.date)] = Constraint(str(mention.date), dates=(mention.date,))
            for index, start in enumerate(starts):
                if mention.start <= start < mention.end:
                    taken[index] = True
    for index, word in enumerate(words):
        if _YEAR.match(word) and not taken[index]:
            taken[index] = True
            found[word] = Constraint(word, dates=(ArticleDate(year=int(word)),))
    return tuple(found.values())
