"""How much of what came by a WebSocket may be unread, before no more of it is taken."""

from __future__ import annotations

from smartcall._io import Gate
from smartcall._turn import Turn

_MOST_UNREAD = 1024 * 1024
"""Characters of all turns together; then no more is read until half of them are."""


class Room:
    """Holds back who reads a socket while there is no room."""

    def __init__(self, gate: Gate) -> None:
        """Begin with no turns."""
        self.changed = gate.open
        self._gate = gate
        self._turns: set[Turn] = set()
        self._ended = False

    def enter(self, turn: Turn) -> None:
        """Count what is unread of a turn."""
        self._turns.add(turn)

    def leave(self, turn: Turn) -> None:
        """Count it no more."""
        self._turns.discard(turn)
        self._gate.open()

    def end(self) -> None:
        """Hold nobody back any more."""
        self._ended = True
        self._gate.open()

    async def free(self) -> None:
        """Await room, or that a turn awaits something that may be still to come."""
        most = _MOST_UNREAD
        while not self._ended:
            self._gate.shut()
            turns = tuple(self._turns)
            if sum(turn.unread for turn in turns) < most or any(turn.starving for turn in turns):
                return
            most = _MOST_UNREAD // 2
            await self._gate.wait()
