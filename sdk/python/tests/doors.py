"""Both clients behind one blocking face, so that each test is written once and holds for both."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from inspect import isawaitable
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal

import smartcall

Door = Callable[..., Any]
"""Makes a client; it is closed with the test."""

TRUST = ssl.create_default_context()
"""Made once: to read the public authorities takes longer than most tests."""


class Blocking:
    """Anything of the asyncio client, its coroutines awaited and its iterators drawn on."""

    def __init__(self, portal: BlockingPortal, target: Any) -> None:
        self._portal = portal
        self._target = target

    def __getattr__(self, name: str) -> Any:
        value = self._on_loop(lambda: getattr(self._target, name))
        if not callable(value):
            return value
        return lambda *args, **options: self._on_loop(lambda: value(*args, **options))

    def __iter__(self) -> Iterator[Any]:
        pieces = self._portal.call(self._target.__aiter__)
        try:
            while (piece := self._on_loop(lambda: anext(pieces, None))) is not None:
                yield piece
        finally:
            self._portal.call(pieces.aclose)

    def __enter__(self) -> Blocking:
        self._on_loop(self._target.__aenter__)
        return self

    def __exit__(self, *error: object) -> None:
        self._on_loop(lambda: self._target.__aexit__(*error))

    def _on_loop(self, work: Callable[[], Any]) -> Any:
        async def do() -> Any:
            result = work()
            return await result if isawaitable(result) else result

        result = self._portal.call(do)
        ours = type(result).__module__ == smartcall.AsyncClient.__module__
        return Blocking(self._portal, result) if ours else result


@contextmanager
def blocking() -> Iterator[Door]:
    """The client that blocks."""
    with ExitStack() as stack:
        yield lambda *args, **options: stack.enter_context(
            smartcall.Client(*args, **{"verify": TRUST, **options})
        )


@contextmanager
def on_a_loop() -> Iterator[Door]:
    """The client for asyncio, in a loop of another thread."""
    with start_blocking_portal("asyncio") as portal, ExitStack() as stack:
        yield lambda *args, **options: stack.enter_context(
            Blocking(portal, smartcall.AsyncClient(*args, **{"verify": TRUST, **options}))
        )
