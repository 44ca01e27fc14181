"""Articles from the chat: what an editor sends, its preview, each correction, and what becomes of it."""

from __future__ import annotations

import logging

from telegram import Document, Message, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, TelegramError

from bot import draftboard, reports
from bot.desk import Pending
from bot.draftboard import TAKE_BACK, Field
from bot.handlers.context import Context
from bot.handlers.progress import ProgressBoard
from bot.handlers.sending import ask_for_reply, describe, edit, reply_to, send, show_instead
from bot.handlers.submissions import Submission, submission_of
from bot.intake.documents import MAX_BYTES
from bot.intake.drafts import Draft
from bot.intake.errors import CorruptError, IntakeError, TooBigError
from bot.reindexing import Order, Outcome, Step
from bot.richtext import sentence
from bot.staff import Role
from bot.storage.drafts import Prompt

logger = logging.getLogger(__name__)

_PLACEHOLDER = 64  # https://core.telegram.org/bots/api#forcereply


async def submitted(update: Update, context: Context) -> None:
    """Preview a file or an address, or take the answer to what was asked."""
    message, submission = update.message, context.submission
    assert message is not None  # the handler takes messages only
    assert submission is not None
    if submission.prompt is None:
        await _preview_new(context, message, submission)
    else:
        await _correct(context, message, submission, submission.prompt)


async def tambah(update: Update, context: Context) -> None:
    """Add what the command replies to, or the address after it."""
    message = update.effective_message
    assert message is not None  # the handler takes messages only
    replied = message.reply_to_message
    submission = submission_of(context.arguments) if context.arguments else None
    if submission is None and replied is not None:
        submission = Submission(document=replied.document) if replied.document else None
        submission = submission or submission_of(replied.text or replied.caption or "")
    if submission is None:
        await reply_to(message, sentence(context.services.texts("draft.how_to_add")))
    else:
        await _preview_new(context, message, submission)


async def tap(context: Context, message: Message, who: int, arguments: tuple[str, ...]) -> str | None:
    """A button under a preview."""
    texts, newsroom = context.services.texts, context.services.newsroom
    number, action, argument = (*arguments, "", "", "")[:3]
    pending = await newsroom.desk.find(number)
    if pending is None:
        return texts("draft.gone")
    if pending.who != who:
        return texts("draft.others")
    match action:
        case "show":
            await _show(context, message, pending)
        case "parts":
            page = int(argument) if argument.isdecimal() else 1
            await show_instead(message, draftboard.parts_page(pending, page, texts))
        case "cut":
            return await _cut(context, message, pending, argument)
        case "ok":
            return await _approve(context, message, pending)
        case "no":
            await newsroom.desk.close(pending.id)
            await show_instead(message, sentence(texts("draft.discarded")))
        case _ if action in set(Field):
            await _ask(context, message, pending, Field(action), texts(f"draft.ask.{action}"))
        case _:
            return texts("chat.button_expired")
    return None


# -- a new draft -----------------------------------------------------------------------------------------------------


async def _preview_new(context: Context, message: Message, submission: Submission) -> None:
    """Read, with word of it at once: a slow site may take half a minute."""
    services = context.services
    who = message.from_user.id if message.from_user else message.chat.id
    shown = await reply_to(message, sentence(services.texts("draft.reading")))
    try:
        draft = await _read(context, submission)
    except IntakeError as error:
        await _say(context, message, shown, services.texts(error.key, **error.fields))
        return
    if who not in services.staff.at_least(Role.EDITOR):  # revoked while it was read
        await _say(context, message, shown, services.texts("draft.no_longer_editor"))
        return
    pending = await services.newsroom.desk.put(who, draft)
    likeness = await services.newsroom.likeness(draft, services.library.archive.articles)
    reply = draftboard.preview(pending, likeness, services.texts)
    if message.chat.type == ChatType.PRIVATE:
        if not await edit(context.bot, shown.chat.id, shown.message_id, reply):
            await reply_to(message, reply)
        return
    # What is not approved yet is nobody else's: the preview goes to the editor.
    try:
        await send(context.bot, who, reply)
    except TelegramError as error:
        logger.info("cannot send a preview (%s)", describe(error))
        await _say(context, message, shown, services.texts("draft.open_private_first"))
    else:
        await _say(context, message, shown, services.texts("draft.sent_privately"))


async def _read(context: Context, submission: Submission) -> Draft:
    newsroom = context.services.newsroom
    if submission.document is not None:
        data = await _download(context, submission.document)
        return await newsroom.read_file(data, *_told_of(submission.document))
    if submission.address is not None:
        return await newsroom.read_page(submission.address)
    return await newsroom.read_text(submission.text or "")


async def _download(context: Context, document: Document) -> bytes:
    # Told beforehand or not, Telegram hands bots no larger ones.
    if (document.file_size or 0) > MAX_BYTES:
        raise TooBigError(megabytes=MAX_BYTES // 1_000_000)
    try:
        file = await context.bot.get_file(document.file_id)
    except BadRequest as error:
        if "too big" in str(error).lower():
            raise TooBigError(megabytes=MAX_BYTES // 1_000_000) from error
        logger.warning("cannot download a file (%s)", describe(error))
        raise CorruptError from error
    # A server of one's own hands out more than Telegram's does, whatever the message said.
    if (file.file_size or 0) > MAX_BYTES:
        raise TooBigError(megabytes=MAX_BYTES // 1_000_000)
    return bytes(await file.download_as_bytearray())


def _told_of(document: Document) -> tuple[str, str]:
    return document.file_name or "", document.mime_type or ""


# -- corrections -----------------------------------------------------------------------------------------------------


async def _ask(context: Context, message: Message, pending: Pending, field: Field, told: str) -> None:
    """Ask for a value; the reply to this message is it."""
    name = context.services.texts(f"draft.field.{field}")
    asked = await ask_for_reply(message, sentence(told), name[:_PLACEHOLDER])
    await context.services.newsroom.desk.ask(Prompt(message.chat.id, asked.message_id, pending.id, field))


async def _correct(context: Context, message: Message, submission: Submission, prompt: Prompt) -> None:
    services = context.services
    pending = await services.newsroom.desk.find(prompt.draft)
    if pending is None or pending.who != message.chat.id:
        await reply_to(message, sentence(services.texts("draft.gone")))
        return
    field = Field(prompt.field)
    try:
        written = await _written(context, submission, field)
        if written is None:
            await _ask(context, message, pending, field, services.texts("draft.reply_with_text"))
            return
        corrected = pending.with_draft(await _with(context, pending.draft, field, written))
    except IntakeError as error:
        # Whoever is told what is wrong replies to that, and not to the question above it.
        again = services.texts("draft.reply_again")
        await _ask(context, message, pending, field, f"{services.texts(error.key, **error.fields)} {again}")
        return
    await services.newsroom.desk.save(corrected)
    likeness = await services.newsroom.likeness(corrected.draft, services.library.archive.articles)
    # A new message: the preview that was tapped is far above by now, and its buttons are this draft's, too.
    await reply_to(message, draftboard.preview(corrected, likeness, services.texts))


async def _written(context: Context, submission: Submission, field: Field) -> str | None:
    """The value replied with; a whole text may come as a file."""
    if submission.document is None or field is not Field.TEXT:
        return submission.text
    data = await _download(context, submission.document)
    return await context.services.newsroom.text_of_file(data, *_told_of(submission.document))


async def _with(context: Context, draft: Draft, field: Field, written: str) -> Draft:
    value = None if written.strip() == TAKE_BACK else written
    match field:
        case Field.TITLE:
            return draft.with_title(value)
        case Field.OUTLET:
            return draft.with_outlet(value)
        case Field.PLACE:
            return draft.with_place(value)
        case Field.DATE:
            return draft.with_date(value, context.services.today())
        case Field.URL:
            return draft.with_url(value)
        case Field.TEXT:
            return draft.with_text(written)


async def _cut(context: Context, message: Message, pending: Pending, key: str) -> str | None:
    texts = context.services.texts
    page = draftboard.page_of(pending, key)
    try:
        pending = pending.with_draft(pending.draft.without(key))
    except IntakeError as error:
        return texts(error.key, **error.fields)
    await context.services.newsroom.desk.save(pending)
    await show_instead(message, draftboard.parts_page(pending, page, texts))
    return None


async def _show(context: Context, message: Message, pending: Pending) -> None:
    services = context.services
    likeness = await services.newsroom.likeness(pending.draft, services.library.archive.articles)
    await show_instead(message, draftboard.preview(pending, likeness, services.texts))


# -- approval --------------------------------------------------------------------------------------------------------


async def _approve(context: Context, message: Message, pending: Pending) -> str | None:
    services, texts = context.services, context.services.texts
    try:
        name, changed = await services.newsroom.approve(pending)
    except IntakeError as error:
        return texts(error.key, **error.fields)
    if not changed:
        await show_instead(message, sentence(texts("draft.unchanged")))
        return None
    await show_instead(message, sentence(texts("draft.stored", name=name)))
    make_searchable(context, message, pending.who, name)
    return None


def make_searchable(context: Context, message: Message, who: int, name: str, *, hidden: bool = False) -> None:
    """Read the archive again in the background, and say under ``message`` what came of it for the article ``name``.

    ``hidden`` when the article is to leave the archive.
    """
    services = context.services
    board = ProgressBoard(context.bot, message)

    async def report(step: Step) -> None:
        if step.done < step.total:  # a small archive is read by now: what came of it follows at once
            await board.show(reports.progress(step, services.texts))

    async def finish(result: Outcome | Exception) -> None:
        told = reports.of_article(name, result, services.texts, hidden=hidden, owner=who in services.staff.owners)
        await board.show(told)

    services.reindexing.follow(Order(who, finish, report))


async def _say(context: Context, message: Message, shown: Message, told: str) -> None:
    """Put a sentence in place of "reading ..."."""
    if not await edit(context.bot, shown.chat.id, shown.message_id, sentence(told)):
        await reply_to(message, sentence(told))
