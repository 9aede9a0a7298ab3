"""One answer that is streamed, through whichever door: asked for with its first piece."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from smartcall._answering import Answering
from smartcall._caller import Caller, Opened
from smartcall._clock import Clock, Deadline
from smartcall._events import BadEvent, EventReader
from smartcall._json import JsonObject
from smartcall._own_errors import FAULTS, Closed, Lost, TooLate, bad_answer, broken, of_fault
from smartcall._plan import Plan
from smartcall.answers import Answer, Piece
from smartcall.errors import SmartCallError

_SETTLE = 1.0
"""Seconds within which a body ends after its last event."""


class Source(Protocol):
    """Where the events of one answer come from."""

    @property
    def request_id(self) -> str:
        """What operators find the call by; empty where it is not known."""

    async def event(self) -> JsonObject | None:
        """Await the next; none at the end. Raises Lost, TooLate, Closed, BadEvent."""

    def settle(self) -> None:
        """Hear that the last event has come: what is left of the answer is only its end."""

    async def close(self) -> None:
        """End the call, where it runs."""


class EventStream:
    """An answer that comes piece by piece."""

    def __init__(self, begin: Callable[[], Awaitable[Source]]) -> None:
        """Take what makes the call; nothing is sent yet."""
        self.answering = Answering()
        self._begin = begin
        self._source: Source | None = None
        self._closed = False

    @property
    def answer(self) -> Answer:
        """The whole answer. Raises RuntimeError before its end."""
        answer = self.answering.answer
        if answer is None:
            raise RuntimeError(
                "There is no answer before the stream has ended: iterate to its end, or `read()`."
            )
        return answer

    async def next(self) -> Piece | None:
        """Await the next piece; none after the last. Raises SmartCallError."""
        try:
            piece = await self._next()
        except SmartCallError as error:
            await self._end()
            raise self.answering.failed(error) from error.__cause__
        except FAULTS as fault:
            await self._end()
            raise self.answering.failed(of_fault(fault)) from fault.__cause__ or fault
        except BaseException:
            await self._end()
            raise
        if piece is None:
            await self._end()
        return piece

    async def close(self) -> None:
        """End the call, where it runs; a piece that is awaited elsewhere raises Cancelled."""
        self._closed = True
        await self._end()

    async def _end(self) -> None:
        if self._source is not None:
            await self._source.close()

    async def _next(self) -> Piece | None:
        if self._closed:
            raise Closed
        source = self._source
        if source is None:
            source = self._source = await self._begin()
            self.answering.request_id = source.request_id
            if self._closed:
                raise Closed
        while True:
            try:
                event = await source.event()
            except BadEvent as bad:
                raise broken(str(bad)) from bad
            except (Lost, TooLate):
                if self.answering.answer is None:
                    raise
                return None  # the answer was whole before
            if event is None:
                if self.answering.answer is None:
                    raise broken("it ended without its last event.")
                return None
            piece = self.answering.take(event)
            if piece is not None:
                return piece
            if self.answering.answer is not None:
                source.settle()


class HttpSource:
    """Events from the body of a response."""

    def __init__(self, opened: Opened, clock: Clock) -> None:
        """Take a response whose body is to be read."""
        self.request_id = opened.request_id
        self._line = opened.line
        self._clock = clock
        self._reader = EventReader()

    async def event(self) -> JsonObject | None:
        """Await the next event."""
        while (event := self._reader.next()) is None:
            chunk = await self._line.chunk()
            if not chunk:
                return None
            self._reader.feed(chunk)
        return event

    def settle(self) -> None:
        """Wait no longer for the end than a moment."""
        self._line.hurry(Deadline(self._clock, _SETTLE))

    async def close(self) -> None:
        """End the call, where it runs."""
        await self._line.close()


def http_stream(caller: Caller, agent: str, body: bytes, plan: Plan) -> EventStream:
    """Make the stream of a call by HTTP."""

    async def begin() -> Source:
        deadline = caller.deadline(plan)
        opened = await caller.open(f"{caller.path_of(agent)}:stream", body, plan, deadline)
        kind = opened.head.headers.get("content-type", "")
        if kind.partition(";")[0].strip().lower() != "text/event-stream":
            await opened.line.close()
            what = f"{kind or 'of no type'}, and no text/event-stream"
            raise bad_answer(what, request_id=opened.request_id)
        return HttpSource(opened, caller.clock)

    return EventStream(begin)
