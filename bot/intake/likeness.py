"""Articles that a new one repeats: the same report sent twice, or a press release that two papers ran."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from index.analysis import tokenize
from index.article import Article
from index.passages import passages

_RUN = 5  # words; shorter runs are shared by any two reports on one subject
# Shares of the shorter text's runs that the other has, too.
_SAME, _NEAR = 0.8, 0.35
_FEWEST = 3  # runs of a text below which a share says nothing


@dataclass(frozen=True, slots=True)
class Twin:
    """An article much like the new one; ``share`` of the shorter one's text is in both, word for word.

    ``same`` is set when it is that article once more: by its address, or because hardly a word and no figure differs.
    """

    article: Article
    share: float
    same: bool


def twins(new: Article, archive: Iterable[Article]) -> tuple[Twin, ...]:
    """The archive's articles that are like ``new``, likest first; the article of the same id is not compared.

    Takes a few milliseconds per article of the archive: not for the event loop.
    """
    words, figures = _words(new)
    runs = _runs(words)
    found = []
    for other in archive:
        if other.id == new.id:
            continue
        their_words, their_figures = _words(other)
        share = _shared(runs, _runs(their_words))
        address = new.url is not None and _bare(new.url) == _bare(other.url or "")
        if address or share >= _NEAR:
            # Offices send last year's text again with this year's figures: that is another report.
            fewer, more = sorted((figures, their_figures), key=len)
            found.append(Twin(other, share, same=address or (share >= _SAME and fewer <= more)))
    return tuple(sorted(found, key=lambda twin: (not twin.same, -twin.share, twin.article.id)))


def _words(article: Article) -> tuple[list[str], frozenset[str]]:
    """The words of what may be quoted, in order, and the figures among them."""
    words = [
        token.word
        for passage in passages(article)
        for sentence in passage.sentences
        for token in tokenize(article.body, sentence.start, sentence.end)
    ]
    return words, frozenset(word for word in words if word[0].isdigit())


def _runs(words: list[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))


def _shared(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    fewer = min(len(one), len(other))
    return len(one & other) / fewer if fewer >= _FEWEST else 0.0


def _bare(url: str) -> str:
    """An address without what differs between links to one page."""
    page = url.partition("#")[0].partition("?utm_")[0]
    return page.removeprefix("https://").removeprefix("http://").removeprefix("www.").removeprefix("m.").rstrip("/")
