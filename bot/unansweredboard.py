"""``/belum_terjawab`` as an editor sees it: the list, one group with what can be done, and what came of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import datetime, tzinfo
from enum import StrEnum

from bot.choices import Verb, encode
from bot.digests import Told
from bot.leafing import Leaf, in_rows, leaf, turning, which_page
from bot.richtext import Block, Button, Reply, Span, clip, emphasised, paragraph, sentence
from bot.statistics import FEWEST_CHATS
from bot.unanswered import PERIODS, Group, Order, View
from index.answer import Answer, Found
from index.article import ArticleDate
from index.texts import Texts

GROUPS_A_PAGE = 5
_QUESTION, _WORDING, _QUOTATION = 200, 120, 300
_WORDINGS = 6
_WHY = {"not_found": "unanswered.not_found", "related": "unanswered.related", "bad": "unanswered.bad"}


class Action(StrEnum):
    """What an editor can do about a group."""

    ARTICLE = "artikel"  # be told how to send one
    WORDS = "kata"  # add a line to the word lists
    GOLDEN = "soal"  # see what would be a golden question
    RIGHT = "ya"  # make it one: this answer is right
    NONE = "tidak"  # make it one: no answer is right
    FORGET = "lupa"  # no longer a golden question
    TELL = "kabar"  # tell those who asked to be told
    DONE = "beres"  # no longer list it
    REOPEN = "buka"  # list it again


def page_of(groups: Sequence[Group], view: View) -> Leaf[Group]:
    """The groups on the view's page."""
    return leaf(groups, view.page, GROUPS_A_PAGE)


def listing(groups: Sequence[Group], view: View, answered: Set[str], zone: tzinfo, texts: Texts) -> Reply:
    """A page of the list; ``answered`` are the codes of groups on it that the archive answers by now."""
    if not groups:
        return Reply(sentence(texts("unanswered.none", days=view.days)).blocks, (_periods(view, texts),))
    here = page_of(groups, view)
    view = View(view.days, view.order, here.number)
    blocks = [paragraph(texts("unanswered.heading", days=view.days, count=len(groups)), bold=True)]
    opening = []
    for number, group in here.shown:
        question = clip(group.wordings[0], _QUESTION)
        blocks.append(paragraph(texts("unanswered.item", number=number, question=question)))
        blocks.append(Block((Span(_detail(group, zone, texts), italic=True),), spaced=False))
        if group.code in answered:
            blocks.append(paragraph(texts("unanswered.now_answered"), spaced=False))
        opening.append(Button(texts("unanswered.open", number=number), encode(Verb.QUESTION, view, group.code)))
    blocks += which_page(here.number, here.last, texts)

    def page(number: int) -> str:
        return encode(Verb.QUESTIONS, View(view.days, view.order, number))

    other, key = (
        (Order.NEWEST, "unanswered.by_newest") if view.order is Order.MOST else (Order.MOST, "unanswered.by_most")
    )
    order = (_turn(key, View(view.days, other), texts),)
    turns = turning(here.number, here.last, texts, page)
    return Reply(tuple(blocks), (*in_rows(opening, 3), *turns, order, _periods(view, texts)))


def detail(
    group: Group, view: View, waiting: int, zone: tzinfo, texts: Texts, *, answered: bool, golden: bool, may_act: bool
) -> Reply:
    """One group: every way it was asked, and what can be done.

    ``waiting`` are those who asked to be told; ``golden`` when it is a golden question already.
    """
    first, *others = group.wordings
    blocks = [
        paragraph(f"“{clip(first, _QUESTION)}”", bold=True),
        Block((Span(_detail(group, zone, texts), italic=True),), spaced=False),
    ]
    if answered:
        blocks.append(paragraph(texts("unanswered.now_answered")))
    if others:
        blocks.append(paragraph(texts("unanswered.also")))
        blocks += [
            paragraph(texts("unanswered.also_item", question=clip(other, _WORDING)), spaced=False)
            for other in others[:_WORDINGS]
        ]
        if len(others) > _WORDINGS:
            blocks.append(paragraph(texts("unanswered.also_more", count=len(others) - _WORDINGS), spaced=False))
    back = (_turn("unanswered.back", view, texts),)
    if not may_act:
        return Reply(tuple(blocks), (back,))

    def row(key: str, what: Action, **fields: int) -> tuple[Button]:
        return (Button(texts(key, **fields), encode(Verb.DEAL, what, view, group.code)),)

    rows = [
        row("unanswered.article", Action.ARTICLE),
        row("unanswered.words", Action.WORDS),
        row("unanswered.forget", Action.FORGET) if golden else row("unanswered.golden", Action.GOLDEN),
    ]
    if waiting >= FEWEST_CHATS:
        rows.append(row("unanswered.tell", Action.TELL, count=waiting))
    elif waiting:
        rows.append(row("unanswered.tell_few", Action.TELL))
    return Reply(tuple(blocks), (*rows, row("unanswered.done", Action.DONE), back))


def settled(group: Group, view: View, texts: Texts) -> Reply:
    """In place of a group that was marked as done, with the way back."""
    blocks = [paragraph(f"“{clip(group.wordings[0], _QUESTION)}”", bold=True), paragraph(texts("unanswered.marked"))]
    reopen = (Button(texts("unanswered.reopen"), encode(Verb.DEAL, Action.REOPEN, view, group.code)),)
    return Reply(tuple(blocks), (reopen, (_turn("unanswered.back", view, texts),)))


def told(counts: Told, texts: Texts) -> str:
    """What became of those who waited; without numbers where these are small."""
    if counts.told + counts.waiting + counts.later >= FEWEST_CHATS:
        return texts("unanswered.told", told=counts.told, waiting=counts.waiting, later=counts.later)
    said = {
        "unanswered.told_some": counts.told,
        "unanswered.told_waiting": counts.waiting,
        "unanswered.told_later": counts.later,
    }
    return " ".join(texts(key) for key, count in said.items() if count) or texts("unanswered.told_nobody")


def proposed(group: Group, view: View, answer: Answer, texts: Texts) -> Reply:
    """What the archive says to a group's question now, for the editor to judge before it becomes a golden question."""
    question = clip(group.wordings[0], _QUESTION)

    def button(key: str, what: Action) -> tuple[Button]:
        return (Button(texts(key), encode(Verb.DEAL, what, view, group.code)),)

    if not isinstance(answer, Found):
        blocks = (paragraph(f"“{question}”", bold=True), paragraph(texts("unanswered.golden_silent")))
        return Reply(blocks, (button("unanswered.golden", Action.NONE),))
    quoted = answer.snippets[0]
    text = clip(quoted.text, _QUOTATION)
    marks = quoted.highlights if text == quoted.text else ()
    return Reply(
        (
            paragraph(texts("unanswered.golden_now", question=question), bold=True),
            Block(emphasised(text, marks), quote=True, spaced=False),
        ),
        (button("unanswered.golden_right", Action.RIGHT), button("unanswered.golden_none", Action.NONE)),
    )


def _detail(group: Group, zone: tzinfo, texts: Texts) -> str:
    few = group.chats < FEWEST_CHATS
    chats = texts("unanswered.chats_few", few=FEWEST_CHATS) if few else texts("unanswered.chats", count=group.chats)
    reasons = ", ".join(texts(_WHY[why]) for why in group.reasons)
    return texts("unanswered.item_detail", chats=chats, date=_date(group.newest, zone), reasons=reasons)


def _date(moment: datetime, zone: tzinfo) -> ArticleDate:
    day = moment.astimezone(zone).date()
    return ArticleDate(day.year, day.month, day.day)


def _turn(key: str, view: View, texts: Texts) -> Button:
    return Button(texts(key), encode(Verb.QUESTIONS, view))


def _periods(view: View, texts: Texts) -> tuple[Button, ...]:
    return tuple(
        Button(
            texts("board.chosen", choice=label) if days == view.days else label,
            encode(Verb.QUESTIONS, View(days, view.order)),
        )
        for days in PERIODS
        for label in [texts("statistics.days", days=days)]
    )
