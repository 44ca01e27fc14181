"""Updates to handlers, by what ``bot.asking`` reads in them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Coroutine
from typing import Any

from telegram import Message, MessageEntity, Update
from telegram.constants import ChatType
from telegram.ext import Application, BaseHandler

from bot import asking
from bot.asking import ChatKind, Command, Entity, IncomingMessage, Request
from bot.handlers.context import Context

# Of what a message may mark, all that deciding asks for: some mark ten thousand words in bold.
_MENTIONS = frozenset({MessageEntity.MENTION, MessageEntity.TEXT_MENTION})

Callback = Callable[[Update, Context], Coroutine[Any, Any, None]]


class RequestHandler(BaseHandler[Update, Context, None]):
    """Takes messages that ask for one of ``kinds``; ``edited`` ones too when told so. Sets ``context.request``."""

    def __init__(self, kinds: tuple[type[Request], ...], callback: Callback, *, edited: bool = False) -> None:
        super().__init__(callback)
        self._kinds = kinds
        self._edited = edited

    def check_update(self, update: object) -> Request | None:
        """The request when it is one of ours."""
        if not isinstance(update, Update):
            return None
        message = update.message or (update.edited_message if self._edited else None)
        request = _read.of(message) if message else None
        return request if isinstance(request, self._kinds) and self.accepts(update, request) else None

    def accepts(self, update: Update, request: Request) -> bool:
        """Whether this handler wants the request; narrower handlers override it."""
        return True

    def collect_additional_context(
        self,
        context: Context,
        update: Update,
        application: Application[Any, Any, Any, Any, Any, Any],
        check_result: Any,
    ) -> None:
        """Hand the request to the callback."""
        context.request = check_result


class NamedCommandHandler(RequestHandler):
    """Takes commands with one of ``names``, from ``admins`` only when given: a container that is asked each time."""

    def __init__(self, names: Collection[str], callback: Callback, *, admins: Container[int] | None = None) -> None:
        super().__init__((Command,), callback)
        self._names = names
        self._admins = admins

    def accepts(self, update: Update, request: Request) -> bool:
        """Whether the name is one of ours and the sender may use it."""
        if not isinstance(request, Command) or request.name not in self._names:
            return False
        # An admin who writes as a group or channel has no id to check, and is nobody.
        return self._admins is None or (update.effective_user is not None and update.effective_user.id in self._admins)


class _LastRead:
    """What one message asks for: all handlers look at it, one after the other, before any looks at the next."""

    def __init__(self) -> None:
        self._message: Message | None = None
        self._request: Request | None = None

    def of(self, message: Message) -> Request | None:
        """The request, read once. The very object counts: an edited message equals the one before it."""
        if message is not self._message:
            # First the request: should reading fail, the next handler must fail, too.
            self._request = asking.read(incoming(message))
            self._message = message
        return self._request


_read = _LastRead()


def incoming(message: Message) -> IncomingMessage:
    """A Telegram message as plain data."""
    bot = message.get_bot()
    replied = message.reply_to_message
    # In a topic every message formally replies to the one that opened it.
    if replied is not None and replied.forum_topic_created is not None:
        replied = None
    by_bot = replied is not None and replied.from_user is not None and replied.from_user.id == bot.id
    return IncomingMessage(
        chat=chat_kind(message),
        text=message.text if message.text is not None else message.caption,
        bot_username=bot.username,
        bot_id=bot.id,
        entities=tuple(
            _entity(each) for each in message.entities or message.caption_entities if each.type in _MENTIONS
        ),
        replies_to_bot=by_bot,
        media=message.effective_attachment is not None,
        replied_text=(replied.text or replied.caption) if replied is not None and not by_bot else None,
        forwarded=message.forward_origin is not None,
        from_inline=message.via_bot is not None and message.via_bot.id == bot.id,
    )


def chat_kind(message: Message) -> ChatKind:
    """Private or not: the only difference that matters."""
    return ChatKind.PRIVATE if message.chat.type == ChatType.PRIVATE else ChatKind.GROUP


def _entity(entity: MessageEntity) -> Entity:
    return Entity(entity.type, entity.offset, entity.length, entity.user.id if entity.user else None)
