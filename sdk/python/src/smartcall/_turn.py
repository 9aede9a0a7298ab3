"""One turn of a conversation, as its caller reads it."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable

from smartcall._clock import Deadline
from smartcall._io import Gate
from smartcall._json import JsonObject
from smartcall._own_errors import Closed


class Turn:
    """Its events come from whoever reads the socket, and wait here until they are read."""

    request_id = ""

    def __init__(
        self,
        gate: Gate,
        deadline: Deadline,
        *,
        hungry: Callable[[], None],
        leave: Callable[[], Awaitable[None]],
    ) -> None:
        """Take whom to tell that something is awaited, and that no more of it is."""
        self.ended = False
        self.left = False
        self._deadline = deadline
        self._gate = gate
        self._hungry = hungry
        self._leave = leave
        self._waiting = False
        self._came: deque[tuple[JsonObject | Exception | None, int]] = deque()
        self._put = 0
        self._got = 0

    @property
    def unread(self) -> int:
        """How many characters came and were not read."""
        return self._put - self._got

    @property
    def starving(self) -> bool:
        """Something is awaited, and nothing is there."""
        return self._waiting and not self._came

    def put(
        self, what: JsonObject | Exception | None, size: int = 0, *, last: bool = False
    ) -> None:
        """Take an event, what the turn failed with, or none at its end; none once it is left."""
        self.ended = self.ended or last
        if self.left:
            return
        self._put += size
        self._came.append((what, size))
        if last:
            self._came.append((None, 0))
        self._gate.open()

    async def first(self) -> None:
        """Await that something came, and leave it there; raises what the turn was refused with."""
        await self._some()
        what, _ = self._came[0]
        if isinstance(what, Exception):
            raise what

    async def event(self) -> JsonObject | None:
        """Await the next event; none at the end."""
        await self._some()
        what, size = self._came.popleft()
        self._got += size
        self._hungry()
        if isinstance(what, Exception):
            raise what
        return what

    def settle(self) -> None:
        """Nothing comes after the last event."""

    async def close(self) -> None:
        """Cancel it, where it runs."""
        if self.left:
            return
        self.left = True
        self._gate.open()
        await self._leave()

    async def _some(self) -> None:
        while self.left or not self._came:
            if self.left:
                raise Closed
            self._gate.shut()
            if self._came or self.left:
                continue
            self._waiting = True
            self._hungry()
            try:
                await self._gate.wait(self._deadline.left())
            finally:
                self._waiting = False
