"""What the two clients do differently: waiting. All else is written once, against this.

Everything that may wait is a coroutine here. With the blocking kind none of them ever gives
way, so that `run` plays it to its end at once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from smartcall._clock import Deadline

T = TypeVar("T")


@dataclass(frozen=True)
class Request:
    """An HTTP request."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None = None


@dataclass(frozen=True)
class Head:
    """How a response begins; the names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]


class Refused(Exception):
    """A WebSocket was answered with a response of HTTP."""

    def __init__(self, head: Head, body: bytes) -> None:
        """Take the response."""
        super().__init__(f"answered with {head.status}")
        self.head = head
        self.body = body


class WireClosed(Exception):
    """A WebSocket is closed."""

    def __init__(self, code: int, reason: str) -> None:
        """Take the code and the reason of the close frame; 1006 where none came."""
        super().__init__(f"closed with {code} {reason}".rstrip())
        self.code = code
        self.reason = reason


class Line(Protocol):
    """One request and its response."""

    async def send(self, request: Request, deadline: Deadline) -> Head:
        """Send it, and await the head. Raises ConnectionFailed, Lost, TooLate, Closed."""

    async def chunk(self) -> bytes:
        """Await more of the body; empty at its end. Raises Lost, TooLate, Closed."""

    def hurry(self, deadline: Deadline) -> None:
        """From here on another deadline holds."""

    async def close(self) -> None:
        """End it, whatever it does; what is awaited elsewhere raises Closed."""


class Wire(Protocol):
    """A WebSocket."""

    async def send(self, text: str) -> None:
        """Send a frame. Raises WireClosed."""

    async def receive(self, deadline: Deadline) -> str:
        """Await a frame. Raises WireClosed, TooLate."""

    async def close(self) -> None:
        """Close it."""


class Gate(Protocol):
    """Holds back until it is opened."""

    def open(self) -> None:
        """Let all through."""

    def shut(self) -> None:
        """Hold back again."""

    async def wait(self, seconds: float | None = None) -> bool:
        """Wait until it is open, or so long; tell whether it is."""


class Shared(Protocol[T]):
    """A provider's work, which all who want its result at the same time share."""

    async def result(self, deadline: Deadline, enough: Callable[[], T | None]) -> T:
        """Do it, or await its end where it is being done, unless what is there is enough.

        Raises TooLate, and what the provider raises.
        """


class Io(Protocol):
    """A way to wait: by blocking the thread, or by giving way to other tasks."""

    def line(self) -> Line:
        """Make a line."""

    async def connect(self, url: str, headers: Mapping[str, str], deadline: Deadline) -> Wire:
        """Open a WebSocket. Raises Refused, ConnectionFailed, TooLate."""

    def gate(self) -> Gate:
        """Make a gate, which is shut."""

    def shared(
        self, work: Callable[[], str | Awaitable[str]], keep: Callable[[str], T]
    ) -> Shared[T]:
        """Make a provider's work one that is shared; its result is kept before the work is over."""

    def spawn(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Let something run beside."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""

    async def close(self) -> None:
        """Close all connections that are idle."""


def run(work: Coroutine[Any, Any, T]) -> T:
    """Play what never gives way to its end."""
    try:
        work.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    work.close()
    raise RuntimeError("Something of the blocking client gave way: a bug of smartcall.")
