"""What time it is, how much of a call's is left, and chance: all that tests give otherwise."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from smartcall._own_errors import TooLate


@dataclass(frozen=True)
class Clock:
    """Where time and chance come from."""

    now: Callable[[], float] = time.monotonic
    """Seconds that only ever grow."""
    wall: Callable[[], float] = time.time
    """Seconds since 1970, as this machine believes."""
    chance: Callable[[], float] = random.random
    """From 0 to 1."""


class Deadline:
    """When a call's time is up."""

    def __init__(self, clock: Clock, seconds: float | None) -> None:
        """Begin to count; without seconds it never ends."""
        self._clock = clock
        self._end = None if seconds is None else clock.now() + seconds

    def left(self) -> float | None:
        """Give the seconds that are left; none where it never ends. Raises TooLate."""
        if self._end is None:
            return None
        left = self._end - self._clock.now()
        if left <= 0:
            raise TooLate
        return left

    def left_ms(self) -> int | None:
        """Give the same in whole milliseconds, at least one. Raises TooLate."""
        left = self.left()
        return None if left is None else max(1, int(left * 1000))
