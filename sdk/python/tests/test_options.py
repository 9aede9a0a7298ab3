"""Options that cannot be."""

from __future__ import annotations

from typing import Any

import pytest

from smartcall import Client


@pytest.mark.parametrize(
    "url", ["", "localhost:8443", "ftp://gateway", "https://", "https://gateway?x=1"]
)
def test_what_cannot_be_a_gateway_is_a_mistake(url: str) -> None:
    with pytest.raises(ValueError, match="`url` is the gateway's"):
        Client(url)


@pytest.mark.parametrize(
    "options",
    [
        {"timeout": 0},
        {"timeout": -1},
        {"timeout": float("nan")},
        {"timeout": float("inf")},
        {"timeout": 1e10},
        {"retries": -1},
        {"headers": {"a b": "c"}},
        {"headers": {"a": "b\r\nc: d"}},
        {"traceparent": "00-zz"},
    ],
)
def test_an_option_that_cannot_be_is_a_mistake_before_anything_is_sent(
    options: dict[str, Any],
) -> None:
    with Client("https://gateway") as client:
        agent: Any = client.agent("echo")
        for call in (agent.invoke, agent.stream, agent.describe, agent.converse):
            arguments = ["Hello"] if call in (agent.invoke, agent.stream) else []
            with pytest.raises(ValueError, match=next(iter(options))):
                call(*arguments, **options)
