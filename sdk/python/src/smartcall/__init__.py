"""Calls the agents of a Smart Call mesh: `Client` blocks, `AsyncClient` is for asyncio."""

from smartcall._ask import Ask
from smartcall._options import AsyncTokenProvider, CallOptions, TokenProvider, TurnOptions, Verify
from smartcall._version import __version__
from smartcall.answers import (
    AgentInfo,
    AgentMethod,
    Answer,
    Capabilities,
    Piece,
    Usage,
)
from smartcall.async_client import (
    AsyncAgent,
    AsyncClient,
    AsyncConversation,
    AsyncSocket,
    AsyncStream,
)
from smartcall.client import Agent, Client, Conversation, Socket, Stream
from smartcall.errors import (
    BudgetSpent,
    Cancelled,
    ConnectionFailed,
    DeadlineExceeded,
    FieldViolation,
    Forbidden,
    InvalidRequest,
    LimitReached,
    NotFound,
    SmartCallError,
    StreamBroken,
    Unauthenticated,
    Unavailable,
)

__all__ = [
    "Agent",
    "AgentInfo",
    "AgentMethod",
    "Answer",
    "Ask",
    "AsyncAgent",
    "AsyncClient",
    "AsyncConversation",
    "AsyncSocket",
    "AsyncStream",
    "AsyncTokenProvider",
    "BudgetSpent",
    "CallOptions",
    "Cancelled",
    "Capabilities",
    "Client",
    "ConnectionFailed",
    "Conversation",
    "DeadlineExceeded",
    "FieldViolation",
    "Forbidden",
    "InvalidRequest",
    "LimitReached",
    "NotFound",
    "Piece",
    "SmartCallError",
    "Socket",
    "Stream",
    "StreamBroken",
    "TokenProvider",
    "TurnOptions",
    "Unauthenticated",
    "Unavailable",
    "Usage",
    "Verify",
    "__version__",
]
