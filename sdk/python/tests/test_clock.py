"""How much of a call's time is left."""

from __future__ import annotations

import pytest
from manual_time import ManualTime

from smartcall._clock import Deadline
from smartcall._own_errors import TooLate


def test_a_deadline_tells_what_is_left_and_then_that_it_is_over() -> None:
    time = ManualTime()
    deadline = Deadline(time.clock(), 0.5)
    assert deadline.left_ms() == 500
    time.passed += 0.4999
    assert deadline.left_ms() == 1
    time.passed += 1
    with pytest.raises(TooLate):
        deadline.left()
    assert Deadline(time.clock(), None).left_ms() is None
