"""What can be wrong with what an admin sends: each kind has its Indonesian sentence, under ``key``."""

from __future__ import annotations

from typing import ClassVar

from bot.errors import BotError


class IntakeError(BotError):
    """Root of what intake refuses. Nothing was changed; ``texts(error.key, **error.fields)`` is for the chat."""

    key: ClassVar[str]

    def __init__(self, **fields: str | int) -> None:
        self.fields = fields
        super().__init__(f"{self.key}: {fields}" if fields else self.key)


def error_of(key: str, fields: dict[str, str | int]) -> IntakeError:
    """The error with that key, as another process told it; ``KeyError`` when there is none."""
    return {kind.key: kind for kind in IntakeError.__subclasses__()}[key](**fields)


# -- files -----------------------------------------------------------------------------------------------------------


class TooBigError(IntakeError):
    """More bytes than are taken; field ``megabytes``: the limit."""

    key = "intake.too_big"


class TooLongError(IntakeError):
    """More text than one article can have."""

    key = "intake.too_long"


class EmptyError(IntakeError):
    """No bytes, or no text in them."""

    key = "intake.empty"


class UnknownTypeError(IntakeError):
    """Neither text nor a page, PDF or Word file, whatever its name says."""

    key = "intake.unknown_type"


class OldWordError(IntakeError):
    """A ``.doc`` of Word 97 to 2003."""

    key = "intake.old_word"


class EncodingError(IntakeError):
    """Text in no encoding that can be told for certain."""

    key = "intake.encoding"


class CorruptError(IntakeError):
    """A PDF or Word file that cannot be read."""

    key = "intake.corrupt"


class LockedError(IntakeError):
    """A PDF or Word file with a password."""

    key = "intake.locked"


class ScannedError(IntakeError):
    """A PDF of pictures without text."""

    key = "intake.scanned"


class BombError(IntakeError):
    """A file that unpacks to far more than an article."""

    key = "intake.bomb"


class ScriptPageError(IntakeError):
    """A page whose text only a browser's scripts would bring."""

    key = "intake.script_page"


class NoArticleError(IntakeError):
    """A page or text in which no article can be found."""

    key = "intake.no_article"


class TooHeavyError(IntakeError):
    """Reading the file took more time or memory than it may."""

    key = "intake.too_heavy"


# -- web addresses ---------------------------------------------------------------------------------------------------


class BadAddressError(IntakeError):
    """No web address, or not of http(s)."""

    key = "intake.bad_address"


class CredentialsError(IntakeError):
    """A web address that holds a user name or password."""

    key = "intake.credentials"


class ForbiddenAddressError(IntakeError):
    """An address that is not on the public internet, or an unusual port."""

    key = "intake.forbidden_address"


class RedirectsError(IntakeError):
    """Too many redirects."""

    key = "intake.redirects"


class UnreachableError(IntakeError):
    """No connection, a broken one, or a certificate that does not hold."""

    key = "intake.unreachable"


class PageTimeoutError(IntakeError):
    """The site did not answer in time; field ``seconds``."""

    key = "intake.page_timeout"


class PageStatusError(IntakeError):
    """The site answered, without the page; field ``status``."""

    key = "intake.page_status"


class PageTypeError(IntakeError):
    """The address is that of a picture, a video or other data."""

    key = "intake.page_type"


# -- corrections -----------------------------------------------------------------------------------------------------


class ValueEmptyError(IntakeError):
    """A correction without text."""

    key = "intake.value_empty"


class ValueTooLongError(IntakeError):
    """A correction longer than such a value may be; field ``most``: characters."""

    key = "intake.value_too_long"


class DateUnclearError(IntakeError):
    """No date that can be read for certain; field ``date``: as written."""

    key = "intake.date_unclear"


class DateImpossibleError(IntakeError):
    """A day that no calendar has; field ``date``: as written."""

    key = "intake.date_impossible"


class DateWithoutYearError(IntakeError):
    """A date whose year is not said; field ``date``: as written."""

    key = "intake.date_without_year"


class DateAheadError(IntakeError):
    """A date after today; field ``date``: as written."""

    key = "intake.date_ahead"


class WeekdayError(IntakeError):
    """A date on another day of the week than it says; fields ``date``, ``given``, ``true``."""

    key = "intake.date_weekday"


# -- the shelf -------------------------------------------------------------------------------------------------------


class UnknownArticleError(IntakeError):
    """No article, or no version of it, has that name."""

    key = "intake.unknown_article"


class CannotWriteError(IntakeError):
    """The folder of articles cannot be written."""

    key = "intake.cannot_write"
