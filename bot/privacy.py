"""What is taken out of a question before it is written down, and what stands in for the chat it came from."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import unicodedata
from dataclasses import dataclass, field

from bot.errors import StorageError
from bot.settings import Settings

_SEPARATOR = r"[ .\-/()]{0,2}"

# One-time codes and PINs: 4 to 8 digits named as such ("kode OTP saya: 123 456"), or 6 digits and nothing else.
_CODE = re.compile(
    r"(\b(?:otp|pin|sandi|kode (?:verifikasi|rahasia|keamanan|akses|masuk))(?:nya)?"
    r"(?:\s{1,3}(?:saya|aku|ini|itu|adalah|wa)){0,5}"
    r"\s{0,3}[:=]?\s{0,3})\d(?:[ -]?\d){3,7}(?![\d.,]\d|\d)|^\s*\d{3}[ -]?\d{3}\s*$",
    re.IGNORECASE,
)

# In this order: an e-mail address or a link may contain digits that look like a number, and the 16 digits of an
# identity number contain what looks like a phone number.
_MASKS: tuple[tuple[re.Pattern[str], str], ...] = (
    # Begun once in a run and never given back: otherwise 4,096 letters without an @ take an eighth of a second.
    (re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)+"), "[surel]"),
    # What follows ? or # in a link often identifies who was sent it.
    (re.compile(r"((?:https?://|www\.)[^\s?#]++)[?#]\S*", re.IGNORECASE), r"\1?[…]"),
    (re.compile(r"(?<![\w@])@\w{4,}"), "[akun]"),
    # Written for calling from abroad, a number of Indonesia can be as long as an identity number: +62 (0) 812 ...
    (re.compile(rf"(?:\+|(?<!\d)00){_SEPARATOR}62{_SEPARATOR}0?(?:{_SEPARATOR}\d){{7,12}}(?!\d)"), "[nomor telepon]"),
    # NIK and KK have 16 digits, bank accounts 10 to 16; 14 to 20 also takes in a NIK with digits forgotten or doubled.
    # Amounts of money stay: "Rp 1.250.000.000.000" has 13.
    (re.compile(rf"(?<!\d)\d(?:{_SEPARATOR}\d){{13,19}}(?!\d)"), "[nomor identitas]"),
    (_CODE, r"\1[kode]"),
    # Mobile numbers: 08.., 62 8..; then numbers abroad: +60 12 345 6789; landlines: (0357) 881234.
    (re.compile(rf"(?<![\d,])\(?(?:62|0){_SEPARATOR}8(?:{_SEPARATOR}\d){{7,12}}(?!\d)"), "[nomor telepon]"),
    (re.compile(rf"(?:\+|(?<!\d)00)[1-9]\d{{0,2}}(?:{_SEPARATOR}\d){{7,12}}(?!\d)"), "[nomor telepon]"),
    (re.compile(r"(?<![\d.,])\(?0[2-9]\d{1,2}\)?[ .\-]?\d{3,4}[ .\-]?\d{2,5}(?!\d)"), "[nomor telepon]"),
    # A mobile number without its 0; no dots here, or "8.500.000.000" would be one.
    (re.compile(r"(?<![\d.,])8[1-9]\d(?:[ \-]?\d){7,9}(?![\d.,])"), "[nomor telepon]"),
)


# Without any of these nothing below takes anything out.
_TELLING = re.compile(r"[0-9@]|https?://|www\.", re.IGNORECASE)


def _is_harmless(text: str) -> bool:
    """Whether a text has nothing to take out, fold or drop: most questions, and known at a glance."""
    return text.isascii() and text.isprintable() and _TELLING.search(text) is None


def mask(question: str) -> str:
    """The question with identity numbers, phone numbers, e-mail addresses, accounts and link tails replaced.

    Compatibility forms (full-width digits) are folded and invisible characters dropped first, so that neither hides
    a number.
    """
    if _is_harmless(question):
        return question.strip()
    text = unicodedata.normalize("NFKC", question)
    text = "".join(
        " " if character in "\n\r\t" else character
        for character in text
        # Cc control, Cf format (zero-width), Cs lone surrogates, which no database would take either
        if character in "\n\r\t" or unicodedata.category(character) not in ("Cc", "Cf", "Cs")
    )
    text = re.sub(r"[‐‑‒–—−]", "-", text)
    for pattern, replacement in _MASKS:
        text = pattern.sub(replacement, text)
    return text.strip()


def discloses(text: str) -> bool:
    """Whether a message holds what looks like somebody's identity number, or a code that is nobody else's business."""
    if _is_harmless(text):
        return False
    return "[nomor identitas]" in mask(text) or bool(_CODE.search(unicodedata.normalize("NFKC", text)))


@dataclass(frozen=True, slots=True)
class ChatHasher:
    """Turns a chat's id into a code that says "the same chat" and, without the key, nothing else.

    In a private chat the id is the person's own, so it is never written. HMAC-SHA256 cut to 64 bits; a new key makes
    every code written before unlinkable.
    """

    key: bytes = field(repr=False)

    def __call__(self, chat_id: int | str) -> str:
        """The chat's code: 16 hexadecimal digits."""
        return hmac.new(self.key, str(chat_id).encode(), hashlib.sha256).hexdigest()[:16]


def open_hasher(settings: Settings) -> ChatHasher:
    """The hasher with the operator's ``HASH_KEY``, or with a key made once and kept in ``DATA_DIR``.

    Rotate by changing the variable, or by deleting the file and starting again.

    Raises:
        StorageError: the key's file can be neither read nor made.
    """
    if settings.hash_key:
        return ChatHasher(settings.hash_key.encode())
    path = settings.hash_key_file
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            # Exclusive and private from the first byte: two processes starting at once must agree on one key.
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(32))
        key = path.read_bytes().strip()
    except OSError as error:
        raise StorageError(f"{path}: cannot keep the key that hashes chats: {error.strerror}") from error
    if len(key) < 16:
        raise StorageError(
            f"{path}: found a key of {len(key)} bytes, expected at least 16; delete the file for a new one"
        )
    return ChatHasher(key)
