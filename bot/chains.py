"""Messages that are passed on from chat to chat: which ones they are, and what they ask of their reader. Pure.

Nothing here tells true from false: a warning is fixed text about what a message asks for, not a verdict on it.
"""

from __future__ import annotations

import re

# A question is rarely longer; a story that ends in a question mark still is one.
_LONG_WORDS, _WORDY, _SOME_WORDS = 60, 25, 12
_LINK = re.compile(
    r"(?:https?://|www\.)\S+"
    r"|\b[\w-]{1,63}(?:\.[\w-]{1,63}){0,3}\.(?:com|co|id|net|org|info|xyz|site|online|top|me|ly|link)\b(?:/\S*)?",
    re.IGNORECASE,
)
_SHARING = re.compile(
    r"\b(?:sebar(?:kan|luaskan|in)?|bagi(?:kan|in)|viral(?:kan|in)|share|forward|terus(?:kan|in)|kirimkan ke)\b",
    re.IGNORECASE,
)
# What nobody should hand over, and the words that ask for it; in either order: "kirim NIK", "NIK dikirim".
_GUARDED = (
    r"\b(?:nik|no(?:mor)?\.? ?(?:kk|ktp|kartu keluarga|rekening)|kk|ktp|kartu keluarga|otp|pin|cvv|"
    r"kode (?:otp|verifikasi|rahasia|keamanan)|kata sandi|sandi|password)\b"
)
_ASKING = (
    r"\b(?:di)?(?:kirim\w*|isi\w*|masuk(?:kan|an|in)|input\w*|balas\w*|lampir\w*|serta(?:kan|in)|sebut(?:kan|in)|"
    r"beri(?:kan|tahu\w*)|kasih\w*|setor\w*|siap(?:kan|in)|foto(?:kan)?|unggah|upload|ketik|daftar\w*)\b"
)
_ASKS_FOR_GUARDED = re.compile(
    rf"{_ASKING}.{{0,80}}?{_GUARDED}|{_GUARDED}.{{0,40}}?{_ASKING}", re.IGNORECASE | re.DOTALL
)
_REGISTERING = re.compile(
    r"\b(?:(?:men)?daftar\w*|pendaftaran|registrasi|klaim|klik|isi\w*|formulir|form|link|tautan)\b", re.IGNORECASE
)


def is_chain(text: str) -> bool:
    """Whether a text that was typed or pasted is a message to check and not a question."""
    words, linked = len(text.split()), bool(_LINK.search(text))
    asks = text.rstrip(' \n.!)"”').endswith("?")
    if words < _SOME_WORDS:
        # "Klik bit.ly/blt untuk daftar": short, and nobody asks like that.
        return linked and words > 2 and not asks and asks_for_secrets(text)
    if _SHARING.search(text):
        # "Apakah benar pemerintah bagikan beras ... ?" is asked; a chain message may end by asking, too.
        return not asks or linked or words >= _WORDY
    return not asks and (words >= _LONG_WORDS or linked)


def asks_for_secrets(text: str) -> bool:
    """Whether a message wants identity numbers, codes or passwords, or sends its reader to a registration page."""
    return bool(_ASKS_FOR_GUARDED.search(text)) or bool(_LINK.search(text) and _REGISTERING.search(text))


def told_by(text: str) -> str:
    """What a message tells, without its links and its calls to pass it on."""
    return _SHARING.sub(" ", _LINK.sub(" ", text))
