"""What a gateway says: events, refusals."""

from __future__ import annotations

import json
from typing import Any

ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"


RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo"


def refusal(
    code: int, reason: str, *, retry: str = "no", delay: str | None = None, **more: Any
) -> dict[str, Any]:
    """The inner object of a refusal's envelope."""
    metadata = {"retry": retry, "fault": "agent", "requestId": "r-1"}
    details: list[dict[str, Any]] = [
        {"@type": ERROR_INFO, "reason": reason, "domain": "smartcall", "metadata": metadata}
    ]
    if delay is not None:
        details.append({"@type": RETRY_INFO, "retryDelay": delay})
    return {"code": code, "status": "STATUS", "message": "No.", "details": details, **more}


def delta(sequence: int, text: str) -> dict[str, Any]:
    """An event with a piece of the answer."""
    return {"callId": "c-1", "sequence": sequence, "delta": {"content": text}}


def done(sequence: int, **more: Any) -> dict[str, Any]:
    """The last event of a whole answer."""
    usage = {"inputTokens": 1, "outputTokens": 2}
    return {
        "callId": "c-1",
        "sequence": sequence,
        "done": {"finishReason": "stop", "usage": usage},
        **more,
    }


def sse(*events: Any) -> bytes:
    """Events as the gateway writes them."""
    return b"".join(
        f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode() for event in events
    )
