"""A small server of WebSockets that says what a test says: a gateway would never err so."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from gateway_words import delta, done
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request as Upgrade
from websockets.http11 import Response
from websockets.http11 import Response as Refusal
from websockets.sync.server import ServerConnection, serve


@dataclass
class Talk:
    """A WebSocket as its server has it."""

    connection: ServerConnection
    headers: dict[str, str]
    path: str
    said: list[dict[str, Any]] = field(default_factory=list)

    def hear(self) -> dict[str, Any]:
        """The next frame of the client."""
        frame: dict[str, Any] = json.loads(self.connection.recv(10))
        self.said.append(frame)
        return frame

    def say(self, **frame: Any) -> None:
        self.connection.send(json.dumps(frame))

    def events(self, conversation: str, *events: Any) -> None:
        for event in events:
            self.say(type="event", conversation=conversation, event=event)

    def ready(self) -> None:
        self.say(type="ready", agent="echo", limits={})

    def closed(self) -> bool:
        """Waits until the client has closed it."""
        try:
            while True:
                self.hear()
        except ConnectionClosed:
            return True
        except TimeoutError:
            return False


@dataclass
class SocketServer:
    """A server of WebSockets, and what came to it."""

    url: str
    talks: list[Talk] = field(default_factory=list)
    upgrades: list[dict[str, str]] = field(default_factory=list)
    ended: list[Any] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def outcome(self, within: float = 10.0) -> Any:
        """What the first handler gave that ended."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.ended, within), "no handler has ended"
            return self.ended[0]


@contextmanager
def socket_server(
    *handlers: Callable[[Talk], Any], refusals: list[Refusal] | None = None, stall: float = 0
) -> Iterator[SocketServer]:
    """Serve on a free port; the first upgrades get the refusals, if any, all after the stall."""
    waiting = list(handlers)
    refusing = list(refusals or [])

    def upgrade(_: ServerConnection, request: Upgrade) -> Refusal | None:
        time.sleep(stall)
        server.upgrades.append({name.lower(): value for name, value in request.headers.raw_items()})
        return refusing.pop(0) if refusing else None

    def handle(connection: ServerConnection) -> None:
        assert connection.request is not None
        talk = Talk(connection, server.upgrades[-1], connection.request.path)
        server.talks.append(talk)
        handler = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        outcome = None
        with suppress(ConnectionClosed):
            outcome = handler(talk)
        with server.changed:
            server.ended.append(outcome)
            server.changed.notify_all()

    with serve(handle, "127.0.0.1", 0, process_request=upgrade, close_timeout=1) as listening:
        server = SocketServer(f"http://127.0.0.1:{listening.socket.getsockname()[1]}")
        thread = threading.Thread(target=listening.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join()


def refused(inner: dict[str, Any]) -> Response:
    """An upgrade that is answered by HTTP."""
    body = json.dumps({"error": inner}).encode()
    headers = Headers({"content-length": str(len(body)), "content-type": "application/json"})
    return Response(inner["code"], "X", headers, body)


def echo(talk: Talk) -> None:
    """Answers each turn with its text."""
    talk.ready()
    while True:
        frame = talk.hear()
        if frame["type"] == "turn":
            text = frame["message"]["content"]
            talk.say(type="pong")
            talk.say(type="something newer")
            talk.events(frame["conversation"], delta(1, text), done(2))
