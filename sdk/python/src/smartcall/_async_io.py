"""Waits by giving way to the other tasks of an event loop."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from inspect import isawaitable
from typing import Any, Generic, TypeVar

import anyio
import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from smartcall import _http
from smartcall._clock import Deadline
from smartcall._io import Head, Request, Wire
from smartcall._own_errors import Closed, Lost, TooLate

T = TypeVar("T")


class AsyncLine:
    """One request and its response. Only `close` may be called by another task meanwhile."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        """Begin with nothing sent."""
        self._client = client
        self._response: httpx.Response | None = None
        self._body: AsyncIterator[bytes] | None = None
        self._deadline: Deadline | None = None
        self._scope: anyio.CancelScope | None = None
        self._closed = False

    async def send(self, request: Request, deadline: Deadline) -> Head:
        """Send it, and await the head."""
        self._deadline = deadline
        made = _http.build(self._client, request)
        made.extensions["timeout"] = _http.timeouts_of(None)
        try:
            response = await self._step(lambda: self._client.send(made, stream=True))
        except _http.UNREACHED as error:
            raise _http.unreached_by(request.url, error) from error
        self._response = response
        self._body = response.aiter_raw()
        return _http.head_of(response)

    async def chunk(self) -> bytes:
        """Await more of the body."""
        body = self._body
        return b"" if body is None else await self._step(lambda: anext(body, b""))

    def hurry(self, deadline: Deadline) -> None:
        """From here on another deadline holds."""
        self._deadline = deadline

    async def close(self) -> None:
        """End it. Where another task awaits something of it, that ends."""
        self._closed = True
        if self._scope is not None:
            self._scope.cancel()
        if self._response is not None:
            with anyio.CancelScope(shield=True), suppress(httpx.TransportError):
                await self._response.aclose()

    async def _step(self, step: Callable[[], Awaitable[T]]) -> T:
        left = None if self._deadline is None else self._deadline.left()
        with anyio.move_on_after(left) as self._scope:
            try:
                return await step()
            except _http.UNREACHED:
                raise
            except (httpx.TransportError, httpx.StreamError) as error:
                raise Lost(str(error) or type(error).__name__) from error
            finally:
                self._scope = None
        raise Closed if self._closed else TooLate


class _Connection(ClientConnection):
    """Refuses what `websockets` would take for a redirect, and follow."""

    async def handshake(self, *args: Any, **options: Any) -> None:
        try:
            await super().handshake(*args, **options)
        except InvalidStatus as error:
            raise _http.refused_by(error) from error


class AsyncWire:
    """A WebSocket."""

    def __init__(self, connection: ClientConnection) -> None:
        """Take one that is open."""
        self._connection = connection

    async def send(self, text: str) -> None:
        """Send a frame."""
        try:
            await self._connection.send(text)
        except ConnectionClosed as error:
            raise _http.closed_by(error) from error

    async def receive(self, deadline: Deadline) -> str:
        """Await a frame."""
        try:
            with anyio.fail_after(deadline.left()):
                frame = await self._connection.recv()
        except TimeoutError as error:
            raise TooLate from error
        except ConnectionClosed as error:
            raise _http.closed_by(error) from error
        return frame if isinstance(frame, str) else frame.decode("utf-8", "replace")

    async def close(self) -> None:
        """Close it."""
        with anyio.CancelScope(shield=True):
            await self._connection.close()


class AsyncGate:
    """Holds tasks back."""

    def __init__(self) -> None:
        """Begin shut."""
        self._event = asyncio.Event()

    def open(self) -> None:
        """Let all through."""
        self._event.set()

    def shut(self) -> None:
        """Hold back again."""
        self._event.clear()

    async def wait(self, seconds: float | None = None) -> bool:
        """Wait until it is open, or so long."""
        with anyio.move_on_after(seconds):
            await self._event.wait()
        return self._event.is_set()


class AsyncShared(Generic[T]):
    """Work that a task does, and all that want it await; it goes on where one of them gives up."""

    def __init__(self, work: Callable[[], str | Awaitable[str]], keep: Callable[[str], T]) -> None:
        """Take the work, and where its result is kept."""
        self._work = work
        self._keep = keep
        self._running: asyncio.Task[T] | None = None

    async def result(self, deadline: Deadline, enough: Callable[[], T | None]) -> T:
        """Do it, or await its end where it is being done."""
        there = enough()
        if there is not None:
            return there
        if self._running is None:
            self._running = asyncio.create_task(self._do())
            self._running.add_done_callback(self._ended)
        running = self._running
        with anyio.move_on_after(deadline.left()):
            return await asyncio.shield(running)
        raise TooLate

    async def _do(self) -> T:
        text = self._work()
        return self._keep(await text if isawaitable(text) else text)

    def _ended(self, task: asyncio.Task[T]) -> None:
        self._running = None
        if not task.cancelled():
            task.exception()  # all who wanted it may have given up


class AsyncIo:
    """Waits by giving way to other tasks."""

    def __init__(self, context: ssl.SSLContext) -> None:
        """Begin without connections."""
        self._context = context
        self._client = httpx.AsyncClient(
            verify=context, limits=_http.LIMITS, follow_redirects=False
        )
        self._tasks: set[asyncio.Task[None]] = set()

    def line(self) -> AsyncLine:
        """Make a line."""
        return AsyncLine(self._client)

    async def connect(self, url: str, headers: Mapping[str, str], deadline: Deadline) -> Wire:
        """Open a WebSocket."""
        context = self._context if url.startswith("wss:") else None
        left = deadline.left()
        options = _http.connect_options(headers, context, left)
        try:
            return AsyncWire(await connect(url, create_connection=_Connection, **options))
        # Before Python 3.11 a timeout of asyncio is neither of the other two.
        except (OSError, asyncio.TimeoutError, WebSocketException) as error:
            late = isinstance(error, (TimeoutError, asyncio.TimeoutError))
            if late and _http.is_own(left):
                raise TooLate from error
            raise _http.unreached_by(url, error) from error

    def gate(self) -> AsyncGate:
        """Make a gate."""
        return AsyncGate()

    def shared(
        self, work: Callable[[], str | Awaitable[str]], keep: Callable[[str], T]
    ) -> AsyncShared[T]:
        """Make work one that is shared."""
        return AsyncShared(work, keep)

    def spawn(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run it in a task."""
        task = asyncio.create_task(work())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await anyio.sleep(seconds)

    async def close(self) -> None:
        """Close all connections that are idle."""
        await self._client.aclose()
