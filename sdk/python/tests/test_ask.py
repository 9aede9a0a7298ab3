"""What is asked, as it is sent."""

from __future__ import annotations

import json
from typing import Any

import pytest

from smartcall import _ask


def test_what_is_asked_is_a_text_or_a_request() -> None:
    assert json.loads(_ask.body_of("Hello")) == {"messages": [{"role": "user", "content": "Hello"}]}
    message = {"role": "user", "content": "ü"}
    request = {"messages": [message], "max_tokens": 3, "newer": [1]}
    assert json.loads(_ask.body_of(request)) == request
    turn = json.loads(_ask.turn_of(request, "c", 250))
    assert turn == {
        "type": "turn",
        "conversation": "c",
        "message": message,
        "max_tokens": 3,
        "newer": [1],
        "timeoutMs": 250,
    }
    number: Any = 7
    with pytest.raises(TypeError, match="a text, or a mapping"):
        _ask.body_of(number)
    with pytest.raises(ValueError, match="cannot be said in JSON"):
        _ask.body_of({"messages": {1, 2}})
    with pytest.raises(ValueError, match="cannot be said in JSON"):
        _ask.body_of({"temperature": float("nan")})
    for messages in ([], [1, 2], None):
        with pytest.raises(ValueError, match="exactly one message"):
            _ask.turn_of({"messages": messages}, "c", None)


def test_a_turn_is_given_no_more_than_a_day_and_keeps_its_own_names() -> None:
    request = {"type": "end", "conversation": "other", "messages": ["m"]}
    turn = json.loads(_ask.turn_of(request, "c", 1_000_000_000))
    assert turn == {
        "type": "turn",
        "conversation": "c",
        "message": "m",
        "timeoutMs": 86_400_000,
    }
