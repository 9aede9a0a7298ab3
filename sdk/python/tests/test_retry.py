"""How long is waited before a call is made again."""

from __future__ import annotations

import pytest

from smartcall import SmartCallError, _retry


def wait_before(
    error: SmartCallError,
    *,
    tries: int,
    retries: int,
    left: float | None,
    chance: float,
    idempotent: bool = False,
) -> float | None:
    return _retry.wait_before(
        error, tries=tries, retries=retries, left=left, chance=chance, idempotent=idempotent
    )


def failed(*, retryable: bool = True, retry_after: float | None = None) -> SmartCallError:
    return SmartCallError("No.", retryable=retryable, retry_after=retry_after)


def test_a_wait_is_that_of_the_refusal_and_a_little_more() -> None:
    error = failed(retry_after=10)
    assert wait_before(error, tries=0, retries=1, left=None, chance=0) == 10
    assert wait_before(error, tries=0, retries=1, left=None, chance=1) == 11


def test_a_wait_that_nobody_said_doubles_up_to_a_bound_with_full_jitter() -> None:
    waits = [
        wait_before(failed(), tries=tries, retries=9, left=None, chance=1) for tries in range(8)
    ]
    assert waits == [0.2, 0.4, 0.8, 1.6, 3.2, 5, 5, 5]
    assert wait_before(failed(), tries=3, retries=9, left=None, chance=0) == 0


def test_nothing_is_made_again_that_would_not_help() -> None:
    assert wait_before(failed(retryable=False), tries=0, retries=2, left=None, chance=0) is None
    assert wait_before(failed(), tries=2, retries=2, left=None, chance=0) is None
    late = failed(retry_after=61)
    assert wait_before(late, tries=0, retries=2, left=None, chance=0) is None
    soon = failed(retry_after=3)
    assert wait_before(soon, tries=0, retries=2, left=3, chance=0) is None
    assert wait_before(soon, tries=0, retries=2, left=3.1, chance=0) == 3


@pytest.mark.parametrize("reason", ["AGENT_UNAVAILABLE", "STREAM_BROKEN"])
def test_what_the_agent_may_have_begun_is_made_again_only_where_it_may_be_done_twice(
    reason: str,
) -> None:
    error = SmartCallError("No.", reason=reason, retryable=True)
    for idempotent, wait in [(False, None), (True, 0)]:
        found = wait_before(error, tries=0, retries=2, left=None, chance=0, idempotent=idempotent)
        assert found == wait
