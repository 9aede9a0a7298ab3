"""The client that blocks: calls agents, streams their answers, talks with them by WebSocket."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING

from smartcall import _ask, _event_stream, _http, _socket
from smartcall._ask import Ask
from smartcall._caller import Caller
from smartcall._io import run
from smartcall._options import CallOptions, TokenProvider, TurnOptions, Verify
from smartcall._plan import Settings
from smartcall._sync_io import SyncIo
from smartcall.answers import AgentInfo, Answer, Piece
from smartcall.errors import SmartCallError

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack


class Client:
    """Calls the agents of a mesh. Several threads may use one."""

    def __init__(
        self,
        url: str,
        *,
        token: str | TokenProvider | None = None,
        timeout: float | None = None,
        retries: int = 2,
        idempotent: bool = False,
        headers: Mapping[str, str] | None = None,
        verify: Verify = None,
    ) -> None:
        """Make a client; nothing is sent yet.

        `url` is the gateway's, such as `https://localhost:8443`. `token` is a token, or a function
        that gives one: it is called for the first call, before the token ends, and once after a
        401. `timeout` is how many seconds a call may take, `retries` how often it is made again
        at most where the refusal allows that, and `headers` go along with each. `idempotent`: the
        agent may do a call twice, so that one it may have begun is made again. `verify` is a file
        of certificates in PEM, or an `ssl.SSLContext`: whom to trust in place of the public
        authorities.

        Raises ValueError where one of them cannot be, OSError where there is no such file.
        """
        settings = Settings.checked(url, timeout, retries, headers, idempotent=idempotent)
        self._io = SyncIo(_http.trust(verify))
        self._caller = Caller(self._io, settings, token)

    def agent(self, name: str) -> Agent:
        """Name an agent; nothing is sent."""
        return Agent(self._caller, name)

    def agents(self, **options: Unpack[CallOptions]) -> list[AgentInfo]:
        """List the agents that the caller may call. Raises SmartCallError."""
        return run(self._caller.agents(self._caller.settings.plan(options)))

    def close(self) -> None:
        """Close all connections."""
        run(self._io.close())

    def __enter__(self) -> Self:
        """Give the client itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close all connections."""
        self.close()


class Agent:
    """An agent, by its name."""

    def __init__(self, caller: Caller, name: str) -> None:
        """Made by `Client.agent`."""
        self._caller = caller
        self.name = name
        """Its name."""

    def invoke(self, ask: Ask, **options: Unpack[CallOptions]) -> Answer:
        """Ask, and wait for the whole answer. Raises SmartCallError."""
        body = _ask.body_of(ask)
        return run(self._caller.invoke(self.name, body, self._caller.settings.plan(options)))

    def stream(self, ask: Ask, **options: Unpack[CallOptions]) -> Stream:
        """Ask for the answer as it comes; nothing is sent before its first piece is awaited."""
        body = _ask.body_of(ask)
        plan = self._caller.settings.plan(options)
        return Stream(_event_stream.http_stream(self._caller, self.name, body, plan))

    def converse(self, **options: Unpack[CallOptions]) -> Socket:
        """Make a WebSocket to the agent, which `with` opens; the options are those of opening."""
        plan = self._caller.settings.plan(options)
        return Socket(self._caller, _socket.Socket(self._caller, self.name, plan))

    def describe(self, **options: Unpack[CallOptions]) -> AgentInfo:
        """Tell what the directory says of the agent. Raises SmartCallError."""
        return run(self._caller.agent(self.name, self._caller.settings.plan(options)))


class Stream:
    """An answer as it comes: iterate over its pieces, once. Who leaves the loop ends the call."""

    def __init__(self, stream: _event_stream.EventStream) -> None:
        """Made by `Agent.stream` and `Conversation.ask`."""
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

    def read(self) -> Answer:
        """Wait for all that is left, and give the whole answer. Raises SmartCallError."""
        for _ in self._pieces:
            pass
        return self.answer

    def close(self) -> None:
        """End the call where it runs.

        Who still wants a piece of it gets Cancelled; another thread that awaits one, at once
        where the answer has begun, else as soon as it does.
        """
        run(self._stream.close())

    def __iter__(self) -> Iterator[Piece]:
        """Give the pieces. Raises SmartCallError; StreamBroken where the answer breaks off."""
        pieces = self._pieces
        self._pieces = iter(())
        return pieces

    def __enter__(self) -> Self:
        """Give the stream itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the call where it runs."""
        self.close()

    def _iterate(self) -> Iterator[Piece]:
        try:
            while (piece := run(self._stream.next())) is not None:
                yield piece
        finally:
            self.close()


class Socket:
    """A WebSocket to an agent: holds several conversations. Several threads may use one."""

    def __init__(self, caller: Caller, socket: _socket.Socket) -> None:
        """Made by `Agent.converse`."""
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

    def open(self) -> Self:
        """Open it, as `with` does. Raises SmartCallError."""
        run(self._socket.open())
        return self

    def conversation(self, name: str | None = None) -> Conversation:
        """Begin a conversation, or go on with the one of that name.

        A name has 1 to 64 characters. Raises ValueError.
        """
        return Conversation(self._caller, self._socket, self._socket.name(name))

    def close(self) -> None:
        """Close it; turns that run raise Cancelled."""
        run(self._socket.close())

    def __enter__(self) -> Self:
        """Open it. Raises SmartCallError."""
        return self.open()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()


class Conversation:
    """A conversation with an agent, which sees the turns before; one turn runs at a time."""

    def __init__(self, caller: Caller, socket: _socket.Socket, name: str) -> None:
        """Made by `Socket.conversation`."""
        self._caller = caller
        self._socket = socket
        self.name = name
        """Its name on the socket."""

    def ask(self, ask: Ask, **options: Unpack[TurnOptions]) -> Stream:
        """Say the next turn: a text, or a request with one message. The answer is a stream.

        Its headers and its trace are those with which its socket was opened.
        """
        plan = self._caller.settings.turn_plan(options)
        return Stream(self._socket.ask(self.name, ask, plan))

    def end(self) -> None:
        """Have the gateway forget it; a turn of it that runs is cancelled."""
        run(self._socket.end(self.name))
