"""Waits by blocking the thread."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import suppress
from typing import Any, Generic, TypeVar

import httpx
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.sync.client import ClientConnection, connect

from smartcall import _http
from smartcall._clock import Deadline
from smartcall._io import Head, Request, Wire, run
from smartcall._own_errors import Closed, Lost, TooLate

T = TypeVar("T")


class SyncLine:
    """One request and its response. Only `close` may be called by another thread meanwhile."""

    def __init__(self, client: httpx.Client) -> None:
        """Begin with nothing sent."""
        self._client = client
        self._response: httpx.Response | None = None
        self._body: Iterator[bytes] = iter(())
        self._alarm: threading.Timer | None = None
        self._rang = False
        self._closed = False
        self._reading = threading.Lock()

    async def send(self, request: Request, deadline: Deadline) -> Head:
        """Send it, and await the head."""
        made = _http.build(self._client, request)

        def refresh(event: str, _: Any) -> None:
            if event == "http11.receive_response_headers.started":
                made.extensions["timeout"].update(_http.timeouts_of(deadline.left()))

        left = deadline.left()
        made.extensions["timeout"] = _http.timeouts_of(left)
        made.extensions["trace"] = refresh
        try:
            response = self._client.send(made, stream=True)
        except _http.UNREACHED as error:
            if isinstance(error, httpx.TimeoutException) and _http.is_own(left):
                raise TooLate from error
            raise _http.unreached_by(request.url, error) from error
        except httpx.TimeoutException as error:
            raise TooLate from error
        except httpx.TransportError as error:
            raise Lost(str(error) or type(error).__name__) from error
        self._response = response
        self._body = response.iter_raw()
        self.hurry(deadline)
        if self._closed:
            await self.close()
            raise Closed
        return _http.head_of(response)

    async def chunk(self) -> bytes:
        """Await more of the body."""
        lost: Exception | None = None
        chunk = b""
        try:
            with self._reading:
                chunk = next(self._body, b"")
        except (httpx.TransportError, httpx.StreamError, OSError) as error:
            lost = error
        # A body without a length seems to end where its connection was cut.
        if not chunk and self._closed:
            raise Closed from lost
        if not chunk and self._rang:
            raise TooLate from lost
        if lost is not None:
            raise Lost(str(lost) or type(lost).__name__) from lost
        return chunk

    def hurry(self, deadline: Deadline) -> None:
        """Cut the connection when the time is up: httpx bounds each read, but not all of them."""
        if self._alarm is not None:
            self._alarm.cancel()
        left = deadline.left()
        if left is not None:
            self._alarm = threading.Timer(left, self._ring)
            self._alarm.daemon = True
            self._alarm.start()

    async def close(self) -> None:
        """End it. Where another thread reads, its read ends, and it cleans up."""
        self._closed = True
        if self._alarm is not None:
            self._alarm.cancel()
        response = self._response
        if response is None:
            return
        if not self._reading.acquire(blocking=False):
            self._cut()
            self._reading.acquire()
        try:
            with suppress(httpx.TransportError):
                response.close()
        finally:
            self._reading.release()

    def _ring(self) -> None:
        self._rang = True
        self._cut()

    def _cut(self) -> None:
        response = self._response
        stream = None if response is None else response.extensions.get("network_stream")
        found = None if stream is None else stream.get_extra_info("socket")
        if isinstance(found, socket.socket):
            with suppress(OSError):
                # Not what ssl makes of it: a thread that reads needs its state until it is woken.
                socket.socket.shutdown(found, socket.SHUT_RDWR)


class _Connection(ClientConnection):
    """Refuses what `websockets` would take for a redirect, and follow."""

    def handshake(self, *args: Any, **options: Any) -> None:
        try:
            super().handshake(*args, **options)
        except InvalidStatus as error:
            raise _http.refused_by(error) from error


class SyncWire:
    """A WebSocket."""

    def __init__(self, connection: ClientConnection, leave: Callable[[], Any]) -> None:
        """Take one that is open."""
        self._connection = connection
        self._leave: Callable[[], Any] | None = leave

    async def send(self, text: str) -> None:
        """Send a frame."""
        try:
            self._connection.send(text)
        except ConnectionClosed as error:
            raise _http.closed_by(error) from error

    async def receive(self, deadline: Deadline) -> str:
        """Await a frame."""
        try:
            frame = self._connection.recv(deadline.left())
        except TimeoutError as error:
            raise TooLate from error
        except ConnectionClosed as error:
            raise _http.closed_by(error) from error
        return frame if isinstance(frame, str) else frame.decode("utf-8", "replace")

    async def close(self) -> None:
        """Close it, the first time."""
        leave, self._leave = self._leave, None
        if leave is not None:
            leave()


class SyncGate:
    """Holds threads back."""

    def __init__(self) -> None:
        """Begin shut."""
        self._event = threading.Event()

    def open(self) -> None:
        """Let all through."""
        self._event.set()

    def shut(self) -> None:
        """Hold back again."""
        self._event.clear()

    async def wait(self, seconds: float | None = None) -> bool:
        """Wait until it is open, or so long."""
        return self._event.wait(seconds)


class SyncShared(Generic[T]):
    """Work that one thread does, and all others that want it await."""

    def __init__(self, work: Callable[[], str | Awaitable[str]], keep: Callable[[str], T]) -> None:
        """Take the work, and where its result is kept."""
        self._work = work
        self._keep = keep
        self._guard = threading.Lock()
        self._running: Future[T] | None = None

    async def result(self, deadline: Deadline, enough: Callable[[], T | None]) -> T:
        """Do it, or await its end where another thread does it."""
        with self._guard:
            there = enough()  # another thread may have ended just before
            if there is not None:
                return there
            running = self._running
            if running is None:
                mine = self._running = Future[T]()
        if running is not None:
            try:
                return running.result(deadline.left())
            except FutureTimeoutError as error:
                if not running.done():
                    raise TooLate from error
                raise
        try:
            text = self._work()
            if not isinstance(text, str):
                raise TypeError("A token provider of `Client` gives a text; `AsyncClient` awaits.")
            value = self._keep(text)
        except BaseException as error:
            self._running = None
            interrupted = RuntimeError("The token provider was interrupted.")
            mine.set_exception(error if isinstance(error, Exception) else interrupted)
            raise
        self._running = None
        mine.set_result(value)
        return value


class SyncIo:
    """Waits by blocking the thread."""

    def __init__(self, context: ssl.SSLContext) -> None:
        """Begin without connections."""
        self._context = context
        self._client = httpx.Client(verify=context, limits=_http.LIMITS, follow_redirects=False)

    def line(self) -> SyncLine:
        """Make a line."""
        return SyncLine(self._client)

    async def connect(self, url: str, headers: Mapping[str, str], deadline: Deadline) -> Wire:
        """Open a WebSocket."""
        context = self._context if url.startswith("wss:") else None
        left = deadline.left()
        options = _http.connect_options(headers, context, left)
        try:
            manager = connect(url, create_connection=_Connection, **options)
            connection = manager.__enter__()
        except (OSError, WebSocketException) as error:
            if isinstance(error, TimeoutError) and _http.is_own(left):
                raise TooLate from error
            raise _http.unreached_by(url, error) from error
        return SyncWire(connection, lambda: manager.__exit__(None, None, None))

    def gate(self) -> SyncGate:
        """Make a gate."""
        return SyncGate()

    def shared(
        self, work: Callable[[], str | Awaitable[str]], keep: Callable[[str], T]
    ) -> SyncShared[T]:
        """Make work one that is shared."""
        return SyncShared(work, keep)

    def spawn(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run it in a thread, which keeps no program from ending."""
        threading.Thread(target=lambda: run(work()), name="smartcall", daemon=True).start()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    async def close(self) -> None:
        """Close all connections that are idle."""
        self._client.close()
