"""The trace that a call is part of: the caller's own word, or OpenTelemetry's present context."""

from __future__ import annotations

from smartcall._options import check_traceparent

try:
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
except ImportError:
    _propagator = None
else:
    _propagator = TraceContextTextMapPropagator()


def trace_headers(given: str | None) -> dict[str, str]:
    """Give `traceparent` and what belongs to it; nothing where there is no trace."""
    if given is not None:
        return {"traceparent": check_traceparent(given)}
    carrier: dict[str, str] = {}
    if _propagator is not None:
        _propagator.inject(carrier)
    return carrier
