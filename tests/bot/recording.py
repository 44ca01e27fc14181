"""A Bot API that records: no network, every call kept, refusals on demand."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field

from telegram.request import BaseRequest

BOT = {"id": 42, "is_bot": True, "first_name": "Arsip", "username": "ArsipBot"}


@dataclass
class Call:
    method: str
    data: dict

    def __getitem__(self, name):
        return self.data[name]

    @property
    def buttons(self) -> list[dict]:
        return [button for row in self.data.get("reply_markup", {}).get("inline_keyboard", []) for button in row]


@dataclass
class Refusal:
    status: int
    description: str
    parameters: dict = field(default_factory=dict)


class RecordingRequest(BaseRequest):
    def __init__(self):
        self.calls: list[Call] = []
        self.refusals: dict[str, list[Refusal]] = defaultdict(list)
        self.next_message = 1000

    read_timeout = 5.0

    async def initialize(self):
        pass

    async def shutdown(self):
        pass

    def refuse(self, method: str, status: int, description: str, **parameters) -> None:
        """Refuse the next call of ``method``."""
        self.refusals[method].append(Refusal(status, description, parameters))

    def named(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    async def do_request(self, url, method, request_data=None, **timeouts):
        name = url.rsplit("/", 1)[1]
        data = dict(request_data.parameters) if request_data else {}
        self.calls.append(Call(name, data))
        if self.refusals[name]:
            refusal = self.refusals[name].pop(0)
            body = {"ok": False, "error_code": refusal.status, "description": refusal.description}
            if refusal.parameters:
                body["parameters"] = refusal.parameters
            return refusal.status, json.dumps(body).encode()
        return 200, json.dumps({"ok": True, "result": self._result(name, data)}).encode()

    def _result(self, name, data):
        if name == "getMe":
            return BOT
        if name in {"sendMessage", "editMessageText"}:
            if name == "sendMessage":
                self.next_message += 1
            return {
                "message_id": data.get("message_id", self.next_message),
                "date": 1700000000,
                "chat": {"id": data["chat_id"], "type": "private" if data["chat_id"] > 0 else "supergroup"},
                "from": BOT,
                "text": "terkirim",
            }
        return True
