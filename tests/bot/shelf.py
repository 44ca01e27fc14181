"""A small archive for the tests of the chat: real articles and answers, scripted instead of searched."""

from __future__ import annotations

import re
import time
from collections import namedtuple
from dataclasses import replace

from index.answer import Citation, Clarify, Found, Gap, NotFound, Related, Smalltalk, Snippet, Understanding
from index.article import Article, ArticleDate, Block, BlockKind, Locality
from index.finding import Finding

Changes = namedtuple("Changes", "added changed removed")


def article(number: int, paragraphs: int = 3, *, url: str | None = None, title: str | None = None) -> Article:
    title = title or f"Dinas Sosial & warga <desa {number}>"
    body, blocks = f"{title}\n", [Block(BlockKind.TITLE, 0, len(title))]
    for paragraph in range(1, paragraphs + 1):
        text = f"Bantuan nomor {number}.{paragraph} diserahkan kepada lansia & warga <miskin>. " + "Warga senang. " * 12
        body += "\n"
        blocks.append(Block(BlockKind.PARAGRAPH, len(body), len(body) + len(text.strip())))
        body += text.strip() + "\n"
    start = len(body)
    body += "Baca juga: berita lain\n"
    blocks.append(Block(BlockKind.FURNITURE, start, start + 22))
    return Article(
        id=f"berita-{number}",
        body=body,
        title=title,
        outlet="Kabar Desa",
        locality=Locality("Kabupaten Contoh, Jawa Timur", ()),
        date=ArticleDate(2023, 5, number % 28 + 1),
        url=url,
        blocks=tuple(blocks),
    )


def citation(source: Article) -> Citation:
    return Citation(source.title, source.outlet, source.locality.shown, source.date, source.url, source.id)


def snippet(source: Article, block: int = 1) -> Snippet:
    found = source.blocks[block]
    text = source.body[found.start : found.end]
    marks = tuple(match.span() for match in re.finditer("Bantuan|lansia", text))
    return Snippet(source.id, found.start, found.end, text, marks, citation(source))


class ScriptedArchive:
    """Answers by a word of the question; remembers what it was asked."""

    def __init__(self, articles=None, refused=()):
        self.articles = tuple(articles if articles is not None else [article(1), article(2, paragraphs=20)])
        self.refused = tuple(refused)
        self.asked: list[tuple[str, str | None]] = []

    @property
    def newest_first(self):
        return sorted(self.articles, key=lambda each: ([-part for part in each.recency], each.title, each.id))

    @property
    def fingerprints(self):
        return {each.id: each.body for each in self.articles}

    def changes_from(self, older):
        now, then = ({each.id: each.body for each in archive.articles} for archive in (self, older))
        return Changes(
            added=tuple(sorted(now.keys() - then.keys())),
            changed=tuple(sorted(each for each in now.keys() & then.keys() if now[each] != then[each])),
            removed=tuple(sorted(then.keys() - now.keys())),
        )

    def further(self, answer):
        """Nothing, save for a question about more: the paragraphs of the second article from the fourth on."""
        if "banyak" not in answer.considered.lower():
            return ()
        return tuple(snippet(self.articles[1], block) for block in range(4, 12))

    def goes_on(self, answer):
        return len(self.further(answer))

    def find(self, words, phrases, keep):
        """Nothing: what is searched for is tested over real articles."""
        return Finding(Understanding(topic=(words,)), ())

    def ask(self, question, previous=None, home=None, today=None):
        self.asked.append((question, previous))
        answer = self._answer(question, previous)
        return replace(answer, considered=question) if isinstance(answer, Found | Related) else answer

    def _answer(self, question, previous):
        words = question.lower()
        read = Understanding(topic=tuple(words.split()[:3]))
        if "rusak" in words:
            raise RuntimeError(f"cannot read {question!r}")
        if "lambat" in words:
            time.sleep(0.05)
        if "makasih" in words:
            return Smalltalk("greeting")
        if "yang itu" in words:
            return Clarify(read, ("Apa itu PKH & BPNT?", "Siapa penerima bantuan?"))
        if "lain" in words and previous:
            return Found(
                Understanding(topic=("bantuan",), place="Kota Lain", follows=previous), (snippet(self.articles[0]),)
            )
        if "bulan" in words:
            return NotFound(read, (citation(self.articles[0]),))
        if "surabaya" in words:
            return Related(read, Gap.TOPIC, "Surabaya", (snippet(self.articles[0]),))
        return Found(read, (snippet(self.articles[0]), snippet(self.articles[1], 2), snippet(self.articles[0], 2)))
