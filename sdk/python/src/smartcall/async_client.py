"""The client for asyncio: the same as `Client`, where whatever waits is a coroutine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING

from smartcall import _ask, _event_stream, _http, _socket
from smartcall._ask import Ask
from smartcall._async_io import AsyncIo
from smartcall._caller import Caller
from smartcall._options import AsyncTokenProvider, CallOptions, TurnOptions, Verify
from smartcall._plan import Settings
from smartcall.answers import AgentInfo, Answer, Piece
from smartcall.errors import SmartCallError

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack


class AsyncClient:
    """Calls the agents of a mesh. All tasks of one event loop may use one."""

    def __init__(
        self,
        url: str,
        *,
        token: str | AsyncTokenProvider | None = None,
        timeout: float | None = None,
        retries: int = 2,
        idempotent: bool = False,
        headers: Mapping[str, str] | None = None,
        verify: Verify = None,
    ) -> None:
        """Make a client; nothing is sent yet.

        `url` is the gateway's, such as `https://localhost:8443`. `token` is a token, or a function
        (of coroutines, where it waits) that gives one: it is called for the first call, before the
        token ends, and once after a 401. `timeout` is how many seconds a call may take, `retries`
        how often it is made again at most where the refusal allows that, and `headers` go along
        with each. `idempotent`: the agent may do a call twice, so that one it may have begun is
        made again. `verify` is a file of certificates in PEM, or an `ssl.SSLContext`: whom to trust
        in place of the public authorities.

        Raises ValueError where one of them cannot be, OSError where there is no such file.
        """
        settings = Settings.checked(url, timeout, retries, headers, idempotent=idempotent)
        self._io = AsyncIo(_http.trust(verify))
        self._caller = Caller(self._io, settings, token)

    def agent(self, name: str) -> AsyncAgent:
        """Name an agent; nothing is sent."""
        return AsyncAgent(self._caller, name)

    async def agents(self, **options: Unpack[CallOptions]) -> list[AgentInfo]:
        """List the agents that the caller may call. Raises SmartCallError."""
        return await self._caller.agents(self._caller.settings.plan(options))

    async def close(self) -> None:
        """Close all connections."""
        await self._io.close()

    async def __aenter__(self) -> Self:
        """Give the client itself."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close all connections."""
        await self.close()


class AsyncAgent:
    """An agent, by its name."""

    def __init__(self, caller: Caller, name: str) -> None:
        """Made by `AsyncClient.agent`."""
        self._caller = caller
        self.name = name
        """Its name."""

    async def invoke(self, ask: Ask, **options: Unpack[CallOptions]) -> Answer:
        """Ask, and wait for the whole answer. Raises SmartCallError."""
        body = _ask.body_of(ask)
        return await self._caller.invoke(self.name, body, self._caller.settings.plan(options))

    def stream(self, ask: Ask, **options: Unpack[CallOptions]) -> AsyncStream:
        """Ask for the answer as it comes; nothing is sent before its first piece is awaited."""
        body = _ask.body_of(ask)
        plan = self._caller.settings.plan(options)
        return AsyncStream(_event_stream.http_stream(self._caller, self.name, body, plan))

    def converse(self, **options: Unpack[CallOptions]) -> AsyncSocket:
        """Make a WebSocket to the agent, which `async with` opens; the options are of opening."""
        plan = self._caller.settings.plan(options)
        return AsyncSocket(self._caller, _socket.Socket(self._caller, self.name, plan))

    async def describe(self, **options: Unpack[CallOptions]) -> AgentInfo:
        """Tell what the directory says of the agent. Raises SmartCallError."""
        return await self._caller.agent(self.name, self._caller.settings.plan(options))


class AsyncStream:
    """An answer as it comes: iterate over its pieces, once. Who leaves the loop ends the call."""

    def __init__(self, stream: _event_stream.EventStream) -> None:
        """Made by `AsyncAgent.stream` and `AsyncConversation.ask`."""
        self._stream = stream
        self._pieces = self._iterate()

    @property
    def text(self) -> str:
        """What was answered so far."""
        return self._stream.answering.text

    @property
    def request_id(self) -> str:
        """What operators find the call by; empty before its first piece, and for a turn."""
        return self._stream.answering.request_id

    @property
    def answer(self) -> Answer:
        """The whole answer, after the last piece. Raises RuntimeError before."""
        return self._stream.answer

    async def read(self) -> Answer:
        """Wait for all that is left, and give the whole answer. Raises SmartCallError."""
        async for _ in self._pieces:
            pass
        return self.answer

    async def close(self) -> None:
        """End the call where it runs.

        Who still wants a piece of it gets Cancelled; another task that awaits one, at once
        where the answer has begun, else as soon as it does.
        """
        await self._stream.close()

    def __aiter__(self) -> AsyncIterator[Piece]:
        """Give the pieces. Raises SmartCallError; StreamBroken where the answer breaks off."""
        pieces = self._pieces
        self._pieces = _nothing()
        return pieces

    async def __aenter__(self) -> Self:
        """Give the stream itself."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the call where it runs."""
        await self.close()

    async def _iterate(self) -> AsyncIterator[Piece]:
        try:
            while (piece := await self._stream.next()) is not None:
                yield piece
        finally:
            await self.close()


class AsyncSocket:
    """A WebSocket to an agent: holds several conversations. Several tasks may use one."""

    def __init__(self, caller: Caller, socket: _socket.Socket) -> None:
        """Made by `AsyncAgent.converse`."""
        self._caller = caller
        self._socket = socket

    @property
    def closed(self) -> bool:
        """It was open, and has ended."""
        return self._socket.closed

    @property
    def error(self) -> SmartCallError | None:
        """Why it ended; none where it is open, or was closed here."""
        return self._socket.error

    @property
    def draining(self) -> bool:
        """The gateway is going away: let turns end, and open another."""
        return self._socket.draining

    async def open(self) -> Self:
        """Open it, as `async with` does. Raises SmartCallError."""
        await self._socket.open()
        return self

    def conversation(self, name: str | None = None) -> AsyncConversation:
        """Begin a conversation, or go on with the one of that name.

        A name has 1 to 64 characters. Raises ValueError.
        """
        return AsyncConversation(self._caller, self._socket, self._socket.name(name))

    async def close(self) -> None:
        """Close it; turns that run raise Cancelled."""
        await self._socket.close()

    async def __aenter__(self) -> Self:
        """Open it. Raises SmartCallError."""
        return await self.open()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        await self.close()


class AsyncConversation:
    """A conversation with an agent, which sees the turns before; one turn runs at a time."""

    def __init__(self, caller: Caller, socket: _socket.Socket, name: str) -> None:
        """Made by `AsyncSocket.conversation`."""
        self._caller = caller
        self._socket = socket
        self.name = name
        """Its name on the socket."""

    def ask(self, ask: Ask, **options: Unpack[TurnOptions]) -> AsyncStream:
        """Say the next turn: a text, or a request with one message. The answer is a stream.

        Its headers and its trace are those with which its socket was opened.
        """
        plan = self._caller.settings.turn_plan(options)
        return AsyncStream(self._socket.ask(self.name, ask, plan))

    async def end(self) -> None:
        """Have the gateway forget it; a turn of it that runs is cancelled."""
        await self._socket.end(self.name)


async def _nothing() -> AsyncIterator[Piece]:
    no_pieces: tuple[Piece, ...] = ()
    for piece in no_pieces:
        yield piece
