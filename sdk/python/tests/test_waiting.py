"""The blocking client's ways to wait."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from smartcall._clock import Clock, Deadline
from smartcall._io import run
from smartcall._sync_io import SyncShared


def test_what_never_gives_way_is_played_to_its_end_and_nothing_else() -> None:
    class Gives:
        def __await__(self) -> Generator[None, None, None]:
            yield

    async def gives_way() -> None:
        await Gives()

    with pytest.raises(RuntimeError, match="gave way"):
        run(gives_way())


def test_who_comes_just_after_a_refresh_takes_what_it_gave() -> None:
    """Between its look at what is kept and its turn, another thread may have ended."""
    asked: list[int] = []

    def provider() -> str:
        asked.append(1)
        return "t"

    shared = SyncShared(provider, lambda text: text)
    forever = Deadline(Clock(), None)
    assert run(shared.result(forever, lambda: "kept")) == "kept"
    assert asked == []
    assert run(shared.result(forever, lambda: None)) == "t"
    assert asked == [1]
