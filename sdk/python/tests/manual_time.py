"""A clock for tests."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass

from smartcall._clock import Clock


@dataclass
class ManualTime:
    """A clock that stands until it is set."""

    passed: float = 1000.0

    def clock(self, *, skew: float = 0.0) -> Clock:
        return Clock(
            now=lambda: self.passed, wall=lambda: self.passed + 1e9 + skew, chance=lambda: 0.0
        )

    def jwt(self, seconds: float, name: str = "") -> str:
        claims = json.dumps({"exp": self.passed + 1e9 + seconds, "jti": name}).encode()
        return f"e30.{base64.urlsafe_b64encode(claims).decode().rstrip('=')}.sig"
