"""This process as one of several replicas: what it does for all, and what it reads anew when another changed it."""

from __future__ import annotations

import asyncio
import hashlib
from importlib import resources

from bot.apart import StoredFiles
from bot.duties import Duty
from bot.indexfiles import IndexFiles
from bot.library import Library
from bot.replicas import Replica, new_name
from bot.services import Services
from bot.sharing import SharedArchives
from bot.storage.leases import NOTICES
from bot.storage.shared import SharedStores
from bot.storage.shared_inbox import CHANNEL


class Together:
    """A replica, and what hangs on it.

    ``jobs`` is sending what is sent unasked; ``polling`` is fetching updates where there is no webhook.
    """

    def __init__(self, services: Services, stores: SharedStores) -> None:
        self.stores = stores
        name = new_name()
        line = stores.line((NOTICES, CHANNEL.format(name)))
        self.replica = Replica(
            name, stores.leases, line, f"{code_mark()}/{services.log.hasher('a sign of the key')[:6]}"
        )
        self.jobs = self.replica.duty("jobs")
        self.polling: Duty | None = None if services.settings.webhook_url else self.replica.duty("polling")
        self.replica.watch("staff", services.staff.load)
        self.replica.watch("prompts", services.newsroom.desk.load)
        self.replica.watch("chats", services.chats.forget)
        self.replica.watch("files", services.catch_up)
        # What was asked here, others may have answered since.
        self.replica.when_given_up(services.conversations.forget_all)
        # An archive that is read from a server need not be sent: it is there.
        files = (IndexFiles if services.settings.archive_in == "memory" else StoredFiles)(services.settings)
        self.archives = SharedArchives(
            stores.archives,
            stores.leases,
            self.replica,
            current=lambda: services.library,
            before=lambda: services.reindexing.library_before,
            rebuild=lambda: asyncio.to_thread(lambda: Library(services.build_archive())),
            adopt=services.reindexing.adopt,
            catch_up=services.catch_up,
            words=(services.settings.seeds_dir / "words", services.settings.words_dir),
            files=files,
            folder=services.settings.data_dir / "index",
        )
        services.reindexing.others = self.archives


def code_mark() -> str:
    """Which version of the program this is: a code of its files, the same on every machine."""
    code = hashlib.sha256()
    for package in ("bot", "index"):
        folders = [resources.files(package)]
        while folders:
            for each in sorted(folders.pop().iterdir(), key=lambda each: each.name):
                if each.is_dir() and each.name != "__pycache__":
                    folders.append(each)
                elif each.is_file() and not each.name.endswith(".pyc"):
                    code.update(each.name.encode() + b"\0" + each.read_bytes())
    return code.hexdigest()[:12]
