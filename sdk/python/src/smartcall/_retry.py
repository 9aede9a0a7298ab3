"""Decides whether a call that failed is made again, and after how long."""

from __future__ import annotations

from smartcall.errors import SmartCallError

LONGEST_WAIT = 60.0
"""Seconds; who is told to come back later than that hears of it at once."""

_MAY_HAVE_RUN = frozenset({"AGENT_UNAVAILABLE", "STREAM_BROKEN"})
"""Reasons that are told both where an agent never had the call, and where it did."""

_FIRST = 0.2
_MOST = 5.0


def wait_before(
    error: SmartCallError,
    *,
    tries: int,
    retries: int,
    left: float | None,
    chance: float,
    idempotent: bool,
) -> float | None:
    """Give the seconds to wait before the next try; none where there is no next.

    `tries` counts those that were made again so far, `left` is the time of the call that is left.
    What is `idempotent` may be done twice.
    """
    if not error.retryable or tries >= retries:
        return None
    if error.reason in _MAY_HAVE_RUN and not idempotent:
        return None
    if error.retry_after is not None:
        wait = error.retry_after * (1 + chance / 10)
    else:
        wait = min(_FIRST * 2**tries, _MOST) * chance
    if wait > LONGEST_WAIT or (left is not None and wait >= left):
        return None
    return wait
