"""One turn, as it takes what comes for it."""

from __future__ import annotations

import pytest

from smartcall._clock import Clock, Deadline
from smartcall._io import run
from smartcall._own_errors import Closed, Lost
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
    before = turn.ended
    turn.put(Lost("the socket has ended"), last=True)
    assert (before, turn.ended) == (False, True)
    with pytest.raises(Closed):
        run(turn.event())
