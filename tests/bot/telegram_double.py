"""A Bot API server for tests, on loopback: real HTTP, long polling, webhooks and refusals."""

from __future__ import annotations

import json
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BOT = {"id": 42, "is_bot": True, "first_name": "Arsip", "username": "ArsipBot"}


class TelegramDouble:
    """Serves ``updates`` to getUpdates and keeps every call as (method, parameters)."""

    def __init__(self, token="42:" + "x" * 35):
        self.token = token
        self.calls: list[tuple[str, dict]] = []
        self.updates: list[dict] = []
        self.down: dict[str, int] = {}  # method: so many calls are refused as an overloaded server does
        self.refusals: dict[str, str] = {}  # method: description, for good
        self._changed = threading.Condition()
        self._message = 1000
        double = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # or every answer waits 40 ms for an acknowledgement

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                status, answer = double.handle(self.path, body)
                payload = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):  # a client that hangs up on a long poll
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def says(self, text, *, update_id=1, message_id=5):
        chat = {"id": 1234567, "type": "private", "first_name": "Siti"}
        sender = {"id": 1234567, "is_bot": False, "first_name": "Siti"}
        message = {"message_id": message_id, "date": 1700000000, "chat": chat, "from": sender, "text": text}
        with self._changed:
            self.updates.append({"update_id": update_id, "message": message})
            self._changed.notify_all()

    def handle(self, path, body):
        _, bot, method = path.split("/", 2)
        parameters = {name: values[0] for name, values in urllib.parse.parse_qs(body).items()}
        with self._changed:
            self.calls.append((method, parameters))
            self._changed.notify_all()
            if self.down.get(method):
                self.down[method] -= 1
                return 502, {"ok": False, "error_code": 502, "description": "Bad Gateway"}
        if bot != f"bot{self.token}":
            return 401, {"ok": False, "error_code": 401, "description": "Unauthorized"}
        if method in self.refusals:
            return 400, {"ok": False, "error_code": 400, "description": f"Bad Request: {self.refusals[method]}"}
        return 200, {"ok": True, "result": self._result(method, parameters)}

    def _result(self, method, parameters):
        if method == "getMe":
            return BOT
        if method == "getUpdates":
            return self._poll(int(parameters.get("offset", 0)), float(parameters.get("timeout", 0)))
        if method in {"sendMessage", "editMessageText"}:
            self._message += 1
            chat = {"id": int(parameters["chat_id"]), "type": "private"}
            return {"message_id": self._message, "date": 1700000000, "chat": chat, "from": BOT, "text": "x"}
        return True

    def _poll(self, offset, timeout):
        deadline = time.monotonic() + timeout
        with self._changed:
            while True:
                waiting = [update for update in self.updates if update["update_id"] >= offset]
                left = deadline - time.monotonic()
                if waiting or left <= 0:
                    return waiting
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
