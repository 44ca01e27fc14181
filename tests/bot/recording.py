"""A Bot API that records: no network, every call kept, refusals on demand."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field

from telegram.request import BaseRequest

BOT = {"id": 42, "is_bot": True, "first_name": "Arsip", "username": "ArsipBot"}

# https://core.telegram.org/bots/api#chatmemberadministrator
ADMIN_RIGHTS = """
can_be_edited can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members can_promote_members
can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories
""".split()

GIFTS = (
    "unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels",
)  # fmt: skip


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
        self.files: dict[str, bytes] = {}  # file id: what a download brings
        self.members: dict[tuple[int, int], str] = {}  # (chat, user): status, when not a plain member

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
        if "/file/bot" in url:
            return 200, self.files[name]
        data = dict(request_data.parameters) if request_data else {}
        if request_data and request_data.contains_files:
            data |= {field: content for field, (_, content, _) in request_data.multipart_data.items()}
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
        if name == "getFile":
            return {"file_id": data["file_id"], "file_unique_id": "x", "file_path": f"documents/{data['file_id']}"}
        if name == "getChat":
            return {"id": data["chat_id"], "type": "private", "first_name": "Budi", "accent_color_id": 0,
                    "max_reaction_count": 0, "accepted_gift_types": dict.fromkeys(GIFTS, False)}  # fmt: skip
        if name == "getChatMember":
            status = self.members.get((data["chat_id"], data["user_id"]), "member")
            user = {"id": data["user_id"], "is_bot": False, "first_name": "Siti"}
            rights = dict.fromkeys(ADMIN_RIGHTS, False) if status == "administrator" else {}
            return {"status": status, "user": user, "is_anonymous": False, **rights}
        if name in {"sendMessage", "sendPhoto", "sendDocument", "editMessageText", "editMessageMedia"}:
            if name.startswith("send"):
                self.next_message += 1
            return {
                "message_id": data.get("message_id", self.next_message),
                "date": 1700000000,
                "chat": {"id": data["chat_id"], "type": "private" if data["chat_id"] > 0 else "supergroup"},
                "from": BOT,
                "text": "terkirim",
            }
        return True
