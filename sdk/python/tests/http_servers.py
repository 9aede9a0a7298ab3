"""A small server that answers as a test says, byte by byte: a gateway would never err so."""

from __future__ import annotations

import json
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from gateway_words import delta, refusal, sse


@dataclass
class Exchange:
    """A request, and the means to answer it."""

    connection: socket.socket
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    over: bool = False

    def raw(self, text: bytes) -> None:
        self.connection.sendall(text)

    def answer(
        self, status: int, body: bytes = b"", *, kind: str = "application/json", **headers: str
    ) -> None:
        """A whole response."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
        head = f"HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\n{lines}"
        self.raw(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)

    def json(self, status: int, value: Any, **headers: str) -> None:
        self.answer(status, json.dumps(value).encode(), **headers)

    def refuse(self, inner: dict[str, Any], **headers: str) -> None:
        self.json(inner["code"], {"error": inner}, **headers)

    def stream(self, *chunks: bytes, end: bool = True) -> None:
        """A response of events, chunk by chunk."""
        self.raw(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nx-request-id: r-1\r\n"
            b"transfer-encoding: chunked\r\n\r\n"
        )
        for chunk in chunks:
            self.chunk(chunk)
        if end:
            self.raw(b"0\r\n\r\n")

    def chunk(self, chunk: bytes) -> None:
        self.raw(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")

    def hang_up(self) -> None:
        self.over = True

    def hung_up(self, within: float = 5.0) -> bool:
        """Whether the client goes away within so many seconds."""
        self.over = True
        self.connection.settimeout(within)
        try:
            return self.connection.recv(1) == b""
        except TimeoutError:
            return False
        except OSError:
            return True


@dataclass
class HttpServer:
    """A server that answers each request by the next of its handlers, the last again and again."""

    url: str
    seen: list[Exchange] = field(default_factory=list)
    outcomes: list[Any] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def asked(self, within: float = 10.0) -> None:
        """Waits for the first request."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.seen, within), "nothing was asked"

    def outcome(self, within: float = 10.0) -> Any:
        """What the first handler gave that ended."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.outcomes, within), "no handler has ended"
            return self.outcomes[0]


@contextmanager
def http_server(*handlers: Callable[[Exchange], Any]) -> Iterator[HttpServer]:
    """Serve on a free port until the end of the block."""
    waiting = list(handlers)

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                while exchange := self._read():
                    with server.changed:
                        server.seen.append(exchange)
                        server.changed.notify_all()
                        handler = waiting.pop(0) if len(waiting) > 1 else waiting[0]
                    outcome = handler(exchange)
                    with server.changed:
                        server.outcomes.append(outcome)
                        server.changed.notify_all()
                    if exchange.over:
                        return

        def _read(self) -> Exchange | None:
            words = self.rfile.readline().decode().split()
            if not words:
                return None
            headers: dict[str, str] = {}
            while line := self.rfile.readline().decode().strip():
                name, _, value = line.partition(":")
                headers[name.lower()] = value.strip()
            body = self.rfile.read(int(headers.get("content-length", "0")))
            return Exchange(self.connection, words[0], words[1], headers, body)

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True
        block_on_close = False
        request_queue_size = 100

    with Server(("127.0.0.1", 0), Handler) as listening:
        server = HttpServer(f"http://127.0.0.1:{listening.server_address[1]}")
        thread = threading.Thread(target=lambda: listening.serve_forever(0.02), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join()


ANSWER = {"id": "c-1", "message": {"role": "assistant", "content": "Hi"}, "finishReason": "stop"}


def answer(exchange: Exchange) -> None:
    exchange.json(200, ANSWER, x_request_id="r-1")


def overloaded(exchange: Exchange) -> None:
    exchange.refuse(refusal(503, "AGENT_OVERLOADED", retry="yes", delay="0.05s"))


def not_accepted(exchange: Exchange) -> None:
    exchange.refuse(refusal(401, "TOKEN_NOT_ACCEPTED"))


def holds(exchange: Exchange) -> bool:
    exchange.stream(sse(delta(1, "one")), end=False)
    return exchange.hung_up()
