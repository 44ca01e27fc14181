"""What is not a question to the archive: greetings, thanks, questions about the bot, noise."""

from __future__ import annotations

import re
from functools import cache

from index.answer import Smalltalk
from index.attributes import Kind
from index.lexicon import load_lexicon
from index.question import Question

_URL_ONLY = re.compile(r"^\W*(?:https?://|www\.)\S+\W*$|^\W*[\w-]+(?:\.[\w-]+)+(?:/\S*)?\W*$", re.IGNORECASE)
# Words of address and politeness that may stand around a greeting without making it a question.
_PADDING = frozenset(
    """
    min admin kak kakak bang abang pak bapak bu ibu mas mbak gan sis bro dok sih dong deh ya yah nih kok lah bot
    semua
    """.split()
)
# Below this share of known words a short text is noise ("asdfgh"), not a question with an unknown name in it.
_NOISE_SHARE = 0.34


def smalltalk(text: str, question: Question) -> Smalltalk | None:
    """The kind of small talk that a text is, or ``None`` when it is a question."""
    if not any(character.isalnum() for character in text):
        return Smalltalk("noise")
    if _URL_ONLY.match(text.strip()) and " " not in text.strip():
        return Smalltalk("link")
    for words in _forms(text, question):
        topic = _topics().get(words)
        if topic is not None:
            return Smalltalk(topic)
    first = _plain(question.words).split(" ")[:9]
    if question.kind is Kind.KEYWORDS and len(first) < 9 and not question.places:
        # "makasih ya min, membantu banget": what opens with thanks or a farewell and asks nothing is no more than that.
        for count in range(len(first), 0, -1):
            topic = _topics().get(" ".join(first[:count]))
            if topic in ("thanks", "goodbye"):
                return Smalltalk(topic)
    if question.known_share < _NOISE_SHARE and len(question.words.split()) <= 3 and not question.places:
        return Smalltalk("noise")
    return None


@cache
def _topics() -> dict[str, str]:
    return {_plain(pattern): topic for topic, patterns in load_lexicon().smalltalk.items() for pattern in patterns}


def _forms(text: str, question: Question) -> list[str]:
    forms = []
    for words in (_plain(text), _plain(question.words)):
        forms.append(words)
        forms.append(" ".join(word for word in words.split() if word not in _PADDING))
    return forms


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.lower()))
