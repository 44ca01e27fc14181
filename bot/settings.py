"""Environment -> frozen Settings. Nothing here opens a file or a socket."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bot import database_url
from bot.database_url import Server
from bot.errors import SettingsError

PUBLIC_API = "https://api.telegram.org"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LANGUAGES = ("id", "en")  # of the catalogues in index/texts/
ARCHIVE_PLACES = ("memory", "database")

# As @BotFather gives them: the bot's number, a colon, 35 characters today.
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{30,}")
# A self-hosted or test server may hand out shorter ones.
_OTHER_SERVER_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
# At most 52 bits: https://core.telegram.org/bots/api#user
_USER_ID = re.compile(r"[1-9][0-9]{0,15}")
# https://core.telegram.org/bots/api#setwebhook, secret_token
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can set; each field is one environment variable, written in capitals.

    Secrets do not show in ``repr``. ``bot_token`` is ``None`` for a chat in the terminal.
    """

    bot_token: str | None = field(default=None, repr=False)
    bot_api_url: str = PUBLIC_API
    admin_ids: frozenset[int] = frozenset()
    webhook_url: str | None = None
    webhook_secret: str | None = field(default=None, repr=False)
    port: int | None = None
    data_dir: Path = Path("data")
    database: Path | Server = Path("data/bot.sqlite3")  # from DATABASE_URL
    archive_in: str = "memory"
    archive_url: Server | None = None  # ``None``: as ``database``
    seeds_dir: Path = Path("seeds")
    log_level: str = "INFO"
    hash_key: str | None = field(default=None, repr=False)
    retention_days: int = 90
    bot_language: str = "id"
    metrics_token: str | None = field(default=None, repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no line of the log may show, beside the token."""
        servers = [each for each in (self.database, self.archive_url) if isinstance(each, Server)]
        passwords = (secret for server in servers for secret in server.secrets)
        return tuple(filter(None, (self.webhook_secret, self.hash_key, self.metrics_token, *passwords)))

    @property
    def hash_key_file(self) -> Path:
        """Where the key that hashes chats is kept when ``HASH_KEY`` is not set."""
        return self.data_dir / "hash.key"

    @property
    def articles_dir(self) -> Path:
        """Where articles that admins send in the chat are kept: ``SEEDS_DIR`` is never written to."""
        return self.data_dir / "articles"

    @property
    def words_dir(self) -> Path:
        """Where word lists that editors add to in the chat are kept; read after those of ``SEEDS_DIR``."""
        return self.data_dir / "words"


def read(environment: Mapping[str, str]) -> Settings:
    """Settings from environment variables; an empty variable counts as unset.

    Raises:
        SettingsError: a value is malformed; the first one found.
    """
    values = {name: value.strip() for name, value in environment.items() if value.strip()}
    api_url = _url(values, "BOT_API_URL", ("https", "http")) or PUBLIC_API
    token = _token(values, api_url)
    # Telegram itself refuses plain http; a test server may not.
    webhook_url = _url(values, "WEBHOOK_URL", ("https",) if api_url == PUBLIC_API else ("https", "http"))
    data_dir = Path(values.get("DATA_DIR", "data"))
    database = _database(values, data_dir)
    return Settings(
        bot_token=token,
        bot_api_url=api_url,
        admin_ids=_admins(values),
        webhook_url=webhook_url,
        webhook_secret=_webhook_secret(values, token) if webhook_url else None,
        port=_number(values, "PORT", 1, 65535),
        data_dir=data_dir,
        database=database,
        archive_in=_archive_place(values, database),
        archive_url=_archive_server(values),
        seeds_dir=Path(values.get("SEEDS_DIR", "seeds")),
        log_level=_log_level(values),
        hash_key=_key(values, "HASH_KEY"),
        retention_days=_number(values, "RETENTION_DAYS", 1, 3650) or 90,
        metrics_token=_key(values, "METRICS_TOKEN"),
        bot_language=_language(values),
    )


def _token(values: Mapping[str, str], api_url: str) -> str | None:
    token = values.get("BOT_TOKEN")
    pattern = _TOKEN if api_url == PUBLIC_API else _OTHER_SERVER_TOKEN
    if token is not None and not pattern.fullmatch(token):
        raise SettingsError(
            "BOT_TOKEN",
            f"a value of {len(token)} characters that is not a token (not shown here)",
            "the token as @BotFather gives it: digits, a colon, and at least 30 letters, digits, - or _",
        )
    return token


def _admins(values: Mapping[str, str]) -> frozenset[int]:
    entries = [entry.strip() for entry in values.get("ADMIN_IDS", "").split(",")]
    for entry in entries:
        # A user's id is positive; negative ids are groups.
        if entry and not _USER_ID.fullmatch(entry):
            raise SettingsError("ADMIN_IDS", _shown(entry), "Telegram user ids: whole numbers separated by commas")
    return frozenset(int(entry) for entry in entries if entry)


def _url(values: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str | None:
    url = values.get(name)
    if url is None:
        return None
    expected = f"a URL that starts with {' or '.join(scheme + '://' for scheme in schemes)}"
    try:
        parts = urlsplit(url)
        valid = parts.scheme in schemes and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:  # a malformed port or IPv6 address
        valid = False
    if not valid:
        raise SettingsError(name, _shown(url), expected)
    if parts.username is not None or parts.password is not None:
        # The log names these addresses.
        raise SettingsError(name, "a user name or a password in it (not shown here)", f"{expected}, without either")
    return url.rstrip("/")


def _webhook_secret(values: Mapping[str, str], token: str | None) -> str:
    secret = values.get("WEBHOOK_SECRET")
    if secret is None:
        # Derived, so that a restart and a second process agree on it without the operator choosing one.
        return hmac.new((token or "").encode(), b"webhook secret", hashlib.sha256).hexdigest()
    if not _WEBHOOK_SECRET.fullmatch(secret):
        raise SettingsError(
            "WEBHOOK_SECRET", f"{len(secret)} characters (not shown here)", "1 to 256 letters, digits, - or _"
        )
    return secret


def _number(values: Mapping[str, str], name: str, lowest: int, highest: int) -> int | None:
    value = values.get(name)
    if value is None:
        return None
    # Six digits are more than any number here has; Python refuses to read thousands of them.
    if not (re.fullmatch(r"[0-9]{1,6}", value) and lowest <= int(value) <= highest):
        raise SettingsError(name, _shown(value), f"a whole number from {lowest} to {highest}")
    return int(value)


def _database(values: Mapping[str, str], data_dir: Path) -> Path | Server:
    url = values.get("DATABASE_URL")
    if url is None:
        return data_dir / "bot.sqlite3"
    database = database_url.parse(url)
    if database is None:
        raise SettingsError("DATABASE_URL", database_url.unfit(url), database_url.EXPECTED)
    return database


def _archive_place(values: Mapping[str, str], database: Path | Server) -> str:
    place = values.get("ARCHIVE_IN", ARCHIVE_PLACES[0]).lower()
    if place not in ARCHIVE_PLACES:
        raise SettingsError("ARCHIVE_IN", _shown(place), f"one of {', '.join(ARCHIVE_PLACES)}")
    if place == "database" and not isinstance(database, Server):
        raise SettingsError("ARCHIVE_IN", "'database' beside a database file", "a DATABASE_URL that names a server")
    return place


def _archive_server(values: Mapping[str, str]) -> Server | None:
    url = values.get("ARCHIVE_URL")
    if url is None:
        return None
    server = database_url.parse(url)
    if not isinstance(server, Server):
        raise SettingsError("ARCHIVE_URL", database_url.unfit(url), "postgresql://user:password@host:port/name")
    return server


def _log_level(values: Mapping[str, str]) -> str:
    level = values.get("LOG_LEVEL", "INFO")
    if level.upper() not in LOG_LEVELS:
        raise SettingsError("LOG_LEVEL", _shown(level), "one of " + ", ".join(LOG_LEVELS))
    return level.upper()


def _language(values: Mapping[str, str]) -> str:
    language = values.get("BOT_LANGUAGE", LANGUAGES[0]).lower()
    if language not in LANGUAGES:
        raise SettingsError("BOT_LANGUAGE", _shown(language), f"one of {', '.join(LANGUAGES)}")
    return language


def _key(values: Mapping[str, str], name: str) -> str | None:
    key = values.get(name)
    if key is not None and len(key) < 16:
        raise SettingsError(name, f"{len(key)} characters (not shown here)", "at least 16 characters")
    return key


def _shown(value: str) -> str:
    """A malformed value, which may be anything, as short as a sentence needs it."""
    return repr(value if len(value) <= 80 else value[:80] + "…")
