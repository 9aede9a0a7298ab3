"""What is asked: the body of a call, or the frame of a turn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from smartcall import _json

Ask = str | Mapping[str, Any]
"""A text, which the user says, or an InvokeRequest of the contract as JSON has it.

Keys may be as in JSON (`maxTokens`) or as in the proto (`max_tokens`).
"""

_LONGEST_MS = 24 * 60 * 60 * 1000
"""The longest that a turn may be given, in milliseconds."""


def body_of(ask: Ask) -> bytes:
    """Write the body of a call."""
    return _encoded(_request_of(ask))


def turn_of(ask: Ask, conversation: str, timeout_ms: int | None) -> str:
    """Write the frame of a turn; what is left of its time stands in it where it has a deadline."""
    request = _request_of(ask)
    messages = request.pop("messages", None)
    if not isinstance(messages, (list, tuple)) or len(messages) != 1:
        raise ValueError(
            "A turn of a conversation has exactly one message in `messages`: "
            "the agent knows the turns before it."
        )
    frame = {**request, "type": "turn", "conversation": conversation, "message": messages[0]}
    if timeout_ms is not None:
        frame["timeoutMs"] = min(timeout_ms, _LONGEST_MS)
    return _encoded(frame).decode()


def _request_of(ask: Ask) -> dict[str, Any]:
    if isinstance(ask, str):
        return {"messages": [{"role": "user", "content": ask}]}
    if isinstance(ask, Mapping):
        return dict(ask)
    raise TypeError(
        f"What is asked is a text, or a mapping such as "
        f'{{"messages": [{{"role": "user", "content": "Hello"}}]}}, and no {type(ask).__name__}.'
    )


def _encoded(value: Mapping[str, Any]) -> bytes:
    try:
        return _json.write(value).encode()
    except (TypeError, ValueError) as error:
        raise ValueError(f"What is asked cannot be said in JSON: {error}") from error
