"""What is not a question to the archive: greetings, thanks, questions about the bot, noise."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.answer import Smalltalk
from index.attributes import Kind
from index.lexicon import Lexicon
from index.orders import without_orders
from index.question import Question

_URL_ONLY = re.compile(r"^\W*(?:https?://|www\.)\S+\W*$|^\W*[\w-]+(?:\.[\w-]+)+(?:/\S*)?\W*$", re.IGNORECASE)
_HELD_DOWN = re.compile(r"([a-z])\1{2,}")
_LAUGHTER = re.compile(r"^(?:(?:wk){2,}w?|(?:kw){2,}k?|[hw]?(?:a?ha){2,}h?|(?:he){2,}h?|(?:hi){2,}h?|(?:xi){2,})$")
# Forms of address and particles, which make no question of any utterance that they stand around.
_ADDRESS = frozenset(
    """
    min mimin admin kak kakak ka bang abang pak bapak bu ibu bapak2 ibu2 mas mbak mba mbah teh akang kang neng om tante
    gan agan sis bro bray cuy guys gaes gais dok bund bunda uda uni daeng bli mbok nih sih dong deh ya yah yaa iya kok
    lah loh lho kan tuh mah atuh euy ah eh oh nah wah wow bot botnya adminnya semua semuanya
    """.split()
)
# Around small talk that is told by the word also degree, persons and good wishes; "bantuan buat saya" is a question.
_PADDING = _ADDRESS | frozenset(
    """
    nya nyo dan buat untuk sekalian banget sekali pisan nian sangat amat banyak lagi juga selalu dulu kamu kau anda
    kalian robot saya aku kami semoga moga sehat sukses lancar berkah barokah panjang umur salam hormat permisi maaf
    mohon
    """.split()
)
# "kamu ini robot apa orang sih": every word is one of these, one is the bot and one a kind of being.
_ADDRESSED = frozenset("kamu kau anda ini situ lu lo bot botnya admin adminnya".split())
_BEINGS = frozenset("robot manusia orang ai mesin chatgpt program komputer".split())
_BEING = _ADDRESSED | _BEINGS | _ADDRESS | frozenset("apa apakah atau bukan beneran asli sungguhan sebenarnya".split())
# What thanks are given for: padding where something thanks, else the matter of a question.
_THANKED = frozenset(
    """
    info infonya informasi informasinya bantuan bantuannya jawaban jawabannya jawabnya penjelasan penjelasannya waktunya
    responnya balasannya atas sudah udah dibantu bantu bantuin ngebantu membantu menolong bermanfaat berguna menjawab
    dijawab dibalas jelas
    """.split()
)
# A single word of these topics is small talk beside any other; one of the others ("masuk", "bantuan", "mulai") may be
# part of a question, and only counts as a whole utterance or in a phrase.
_BY_WORD = frozenset(("greeting", "thanks", "goodbye", "ok", "laughter", "insult"))
# Of several topics in one message, the first of these is replied to.
_FOREMOST = (
    "insult", "identity", "capability", "thanks", "wellbeing", "love", "test", "goodbye", "greeting", "laughter", "ok",
)  # fmt: skip
# Thanks for one thing may go before a question for another.
_ASKS = re.compile(r"\?|\b(?:syarat|cara|jadwal|alamat|nomor|daftar|biaya|lokasi|besar|jumlah|nama|kalau)(?:nya)?\b")
_LONGEST_TALK = 30  # words of a message looked at whole
# Below this share of known words a short text is noise ("asdfgh"), not a question with an unknown name in it.
_NOISE_SHARE = 0.34


class SmalltalkReader:
    """Recognises small talk by the utterances of a lexicon, the editors' own among them."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._topics = {_plain(pattern): topic for topic, patterns in lexicon.smalltalk.items() for pattern in patterns}
        self._longest = max((len(pattern.split()) for pattern in self._topics), default=0)
        self._first = {pattern.partition(" ")[0] for pattern in self._topics}

    def read(self, text: str, question: Question) -> Smalltalk | None:
        """The kind of small talk that ``text``, read as ``question``, is; ``None`` when it is a question."""
        if not any(character.isalnum() for character in text):
            return Smalltalk("noise")
        if not question.words and without_orders(text) != text:
            return None  # it gives the bot an order and asks nothing
        if _URL_ONLY.match(text.strip()) and " " not in text.strip():
            return Smalltalk("link")
        for words in (_plain(text), _plain(question.words)):
            topic = self._whole(words) or self._in_pieces(words.split())
            if topic is not None:
                return Smalltalk(topic)
        if topic := self._opening(question):
            return Smalltalk(topic)
        if question.known_share < _NOISE_SHARE and len(question.words.split()) <= 3 and not question.places:
            return Smalltalk("noise")
        return None

    def _whole(self, words: str) -> str | None:
        bare = " ".join(word for word in words.split() if word not in _ADDRESS)
        return self._topics.get(words) or self._topics.get(bare)

    def _in_pieces(self, words: Sequence[str]) -> str | None:
        """The foremost topic of a message made of utterances in any order and padding, and of nothing else."""
        if len(words) > _LONGEST_TALK:
            return None
        if _BEING.issuperset(words) and _ADDRESSED.intersection(words) and _BEINGS.intersection(words):
            return "identity"
        if _ADDRESS.issuperset(words):
            return "greeting"
        topics: set[str] = set()
        loose: set[str] = set()
        start = 0
        while start < len(words):
            count, topic = self._piece(words, start)
            if topic is not None:
                topics.add(topic)
            elif words[start] not in _PADDING:
                loose.add(words[start])
            start += count
        if loose and not ("thanks" in topics and loose <= _THANKED):
            return None
        # an editor's own topic goes before ours
        return next(iter(sorted(topics.difference(_FOREMOST))), None) or next(
            (topic for topic in _FOREMOST if topic in topics), None
        )

    def _piece(self, words: Sequence[str], start: int) -> tuple[int, str | None]:
        """How many words from ``start`` on are one utterance, and its topic; the longest is taken."""
        longest = min(self._longest, len(words) - start) if words[start] in self._first else 0
        for count in range(longest, 0, -1):
            utterance = " ".join(words[start : start + count])
            topic = self._topics.get(utterance)
            # "min" alone is a greeting, but beside anything else an address
            if topic is not None and (count > 1 or (topic in _BY_WORD and utterance not in _ADDRESS)):
                return count, topic
        return 1, "laughter" if _LAUGHTER.match(words[start]) else None

    def _opening(self, question: Question) -> str | None:
        """Thanks or a farewell that opens a short message and asks nothing: "makasih min, semoga harinya indah"."""
        words = _plain(question.words).split()
        if len(words) >= 9 or question.kind is not Kind.KEYWORDS or question.places or question.expansions:
            return None
        if _ASKS.search(question.text.lower()):
            return None
        for count in range(len(words), 0, -1):
            topic = self._topics.get(" ".join(words[:count]))
            if topic in ("thanks", "goodbye"):
                return topic
        return None


def _plain(text: str) -> str:
    return " ".join(_HELD_DOWN.sub(r"\1", word) for word in re.findall(r"[^\W_]+", text.lower()))
