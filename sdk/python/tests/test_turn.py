"""One turn, as it takes what comes for it."""

from __future__ import annotations

from smartcall._clock import Clock, Deadline
from smartcall._io import run
from smartcall._sync_io import SyncGate
from smartcall._turn import Turn


def test_a_turn_that_was_left_keeps_nothing_that_comes_and_ends_all_the_same() -> None:
    async def leave() -> None:
        pass

    turn = Turn(SyncGate(), Deadline(Clock(), None), hungry=lambda: None, leave=leave)
    turn.put({"sequence": 1}, 10)
    assert turn.unread == 10
    run(turn.close())
    turn.put({"sequence": 2}, 1000)
    assert turn.unread == 10
    assert not turn.ended
    turn.put({"sequence": 3}, 0, last=True)
    assert turn.ended
