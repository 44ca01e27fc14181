"""A Bot API server for tests, on loopback: real HTTP, long polling, webhooks, refusals, and faults on demand."""

from __future__ import annotations

import email
import json
import random
import re
import socket
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bot_api_rules import violation

BOT = {"id": 42, "is_bot": True, "first_name": "Arsip", "username": "ArsipBot"}
MOST_AT_ONCE = 100  # https://core.telegram.org/bots/api#getupdates, limit
HTML_PAGE = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


@dataclass(frozen=True)
class Accepted:
    """A call that took effect; ``damaged`` when the bot could not read that it did."""

    moment: float
    method: str
    parameters: dict[str, str]
    damaged: bool


@dataclass
class Faults:
    """What goes wrong, and how often; the same for the same seed and the same calls."""

    chance: float
    seed: int
    count: int = 0
    off: bool = False
    _random: random.Random = field(init=False)

    # Before the call takes effect, and after it: then its repetition is Telegram's and the network's fault.
    BEFORE = ("429", "500", "502", "cut")
    AFTER = ("truncated", "cut after")

    def __post_init__(self):
        self._random = random.Random(self.seed)

    def draw(self, method: str) -> tuple[str | None, float]:
        """A fault, or none, and for how many seconds to wait before."""
        if self.off:
            return None, 0.0
        delay = self._random.uniform(0, 0.15) if self._random.random() < self.chance else 0.0
        if self._random.random() >= self.chance:
            return None, delay
        self.count += 1
        kinds = (*self.BEFORE, *self.AFTER, *(("409", "409") if method == "getUpdates" else ()))
        return self._random.choice(kinds), delay


class TelegramDouble:
    """Serves updates to getUpdates until they are confirmed, and keeps every call as (method, parameters).

    As strict as the Bot API's documentation: see ``bot_api_rules``. What it refuses for that is in ``violations``, and
    an error when it is closed.
    """

    def __init__(self, token="42:" + "x" * 35, faults: Faults | None = None):
        self.token = token
        self.faults = faults or Faults(0, 0)
        self.calls: list[tuple[str, dict]] = []
        self.accepted: list[Accepted] = []
        self.violations: list[str] = []
        self.updates: list[dict] = []
        self.down: dict[str, int] = {}  # method: so many calls are refused as an overloaded server does
        self.refusals: dict[str, str] = {}  # method: description, for good
        self.files: dict[str, bytes] = {}  # file id: what a download brings
        self.pages: list[str] = []  # methods: the next call gets the 404 of a proxy between
        self._changed = threading.Condition()
        self._message = 1_000_000
        double = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # or every answer waits 40 ms for an acknowledgement

            def do_GET(self):
                content = double.file(self.path)
                self.send_response(200 if content is not None else 404)
                self.send_header("Content-Length", str(len(content or b"")))
                self.end_headers()
                self.wfile.write(content or b"")

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                body = form_of(body, self.headers.get("Content-Type", ""))
                fault, delay = double.faults.draw(self.path.rpartition("/")[2])
                time.sleep(delay)
                if fault == "cut":
                    return self.cut()
                status, answer = double.handle(self.path, body, fault)
                payload = HTML_PAGE if fault == "502" else json.dumps(answer).encode()
                if fault == "cut after":
                    return self.cut()
                if fault == "truncated":
                    payload = payload[: len(payload) // 2]
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)
                return None

            def cut(self):
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, *_):  # a client that hangs up on a long poll
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self):
        violation("getMe", {})  # loads the rules, which takes seconds: no caller should wait for that
        self._thread.start()
        return self

    def __exit__(self, kind, *_):
        self._server.shutdown()
        self._server.server_close()
        if kind is None:
            assert self.violations == []

    def says(self, text, *, update_id=1, message_id=5, chat=1234567):
        self.delivers({"update_id": update_id, "message": message(text, message_id, chat)})

    def delivers(self, update):
        with self._changed:
            self.updates.append(update)
            self._changed.notify_all()

    def handle(self, path, body, fault=None):
        _, bot, method = path.split("/", 2)
        parameters = {name: values[0] for name, values in urllib.parse.parse_qs(body, keep_blank_values=True).items()}
        with self._changed:
            self.calls.append((method, parameters))
            self._changed.notify_all()
            if self.down.get(method):
                self.down[method] -= 1
                return refused(502, "Bad Gateway")
        if method in self.pages:
            self.pages.remove(method)
            return refused(404, "Not Found")
        if fault in ("500", "502"):
            return refused(int(fault), "Internal Server Error")
        if fault == "429":
            return refused(429, "Too Many Requests: retry after 1", retry_after=1)
        if fault == "409":
            return refused(409, "Conflict: terminated by other getUpdates request")
        if bot != f"bot{self.token}":
            return refused(401, "Unauthorized")
        if method in self.refusals:
            return refused(400, f"Bad Request: {self.refusals[method]}")
        if broken := violation(method, parameters):
            self.violations.append(f"{method}: {broken}")
            return refused(400, f"Bad Request: {broken}")
        result = self._result(method, parameters)
        with self._changed:
            self.accepted.append(Accepted(time.monotonic(), method, parameters, fault in Faults.AFTER))
        return 200, {"ok": True, "result": result}

    def file(self, path):
        """What is downloaded from there; ``None`` when there is nothing."""
        return self.files.get(path.removeprefix(f"/file/bot{self.token}/documents/"))

    def _result(self, method, parameters):
        if method == "getMe":
            return BOT
        if method == "getFile":
            number = parameters["file_id"]
            return {"file_id": number, "file_unique_id": "x", "file_path": f"documents/{number}"}
        if method == "getUpdates":
            return self._poll(int(parameters.get("offset", 0)), float(parameters.get("timeout", 0)))
        if method in {"sendMessage", "sendDocument", "sendPhoto", "editMessageText", "editMessageMedia"}:
            with self._changed:
                self._message += 1
                number = int(parameters.get("message_id", self._message))
            chat = {"id": int(parameters["chat_id"]), "type": "private", "first_name": "Siti"}
            return {"message_id": number, "date": 1700000000, "chat": chat, "from": BOT, "text": "x"}
        return True

    def _poll(self, offset, timeout):
        deadline = time.monotonic() + timeout
        with self._changed:
            # Confirmed, and never delivered again.
            self.updates = [update for update in self.updates if update["update_id"] >= offset]
            while True:
                left = deadline - time.monotonic()
                if self.updates or left <= 0:
                    return self.updates[:MOST_AT_ONCE]
                self._changed.wait(min(0.2, left))

    def named(self, method):
        return [parameters for name, parameters in list(self.calls) if name == method]

    def wait_for(self, method, count=1, seconds=15.0):
        """The calls of ``method`` once there are ``count``."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while len(self.named(method)) < count:
                if not self._changed.wait(max(0.0, deadline - time.monotonic())) and time.monotonic() >= deadline:
                    raise AssertionError(f"no {method} within {seconds} s; calls: {[name for name, _ in self.calls]}")
        return self.named(method)


def form_of(body, content_type):
    """A request's fields as a form; of a file that is sent along no more than that it is there."""
    if not content_type.startswith("multipart/"):
        return body.decode()
    parts = email.message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body).get_payload()
    fields = {}
    for part in parts:
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        fields[name] = content.decode() if part.get_filename() is None else f"file:{part.get_filename()}"
    # What a field refers to is no field: https://core.telegram.org/bots/api#inputmediaphoto, media
    referred = {match for value in fields.values() for match in re.findall(r"attach://([\w.-]+)", value)}
    return urllib.parse.urlencode({name: value for name, value in fields.items() if name not in referred})


def message(text, message_id, chat=1234567, **more):
    """A private message, as it stands in an update."""
    person = {"id": chat, "first_name": "Siti"}
    entities = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}] if text.startswith("/") else []
    return {
        "message_id": message_id,
        "date": 1700000000,
        "chat": {**person, "type": "private"},
        "from": {**person, "is_bot": False},
        "text": text,
        **({"entities": entities} if entities else {}),
        **more,
    }


def refused(status, description, **parameters):
    more = {"parameters": parameters} if parameters else {}
    return status, {"ok": False, "error_code": status, "description": description, **more}


def post(port, path, update, secret=None, timeout=5.0):
    """Deliver an update by webhook: the status, or ``None`` when nobody listens or the connection breaks."""
    headers = {"Content-Type": "application/json"}
    if secret:
        headers["X-Telegram-Bot-Api-Secret-Token"] = secret
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", json.dumps(update).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            return response.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:  # URLError is one
        return None
