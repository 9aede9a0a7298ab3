"""What agents answer, and what the directory tells of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from smartcall._json import JsonObject, list_at, number_at, object_at, text_at, texts_at


@dataclass(frozen=True)
class Usage:
    """What a call cost, in tokens as the model's own tokenizer counts them."""

    input_tokens: int = 0
    """Tokens read."""
    output_tokens: int = 0
    """Tokens written."""


@dataclass(frozen=True)
class Piece:
    """A piece of an answer that is streamed."""

    text: str
    """To append to what came before."""


@dataclass(frozen=True)
class Answer:
    """A whole answer."""

    text: str
    """Its text; of an answer in parts the texts among them, joined."""
    message: Mapping[str, Any]
    """The message as it came; it may stand among the `messages` of the next ask."""
    finish_reason: str
    """`stop` (it is whole), `length`, `tool_calls` or `budget`; others may be added."""
    usage: Usage
    """What it cost."""
    call_id: str
    """Names the call; the same id is in the agent's log."""
    request_id: str = ""
    """What operators find the call by; empty for a turn of a conversation."""


@dataclass(frozen=True)
class AgentMethod:
    """A method of an agent's own."""

    grpc: str
    """Its path by gRPC."""
    rest: str = ""
    """Its path by REST, with POST; empty where it has none."""
    client_streams: bool = False
    """Its caller sends many messages."""
    server_streams: bool = False
    """It answers with many messages."""


@dataclass(frozen=True)
class Capabilities:
    """How an agent can be called."""

    methods: tuple[str, ...] = ()
    """Of the contract: `invoke`, `stream`, `converse`."""
    own_methods: tuple[AgentMethod, ...] = ()
    """Methods of its own."""
    models: tuple[str, ...] = ()
    """The values of `model` that its routes tell apart."""


@dataclass(frozen=True)
class AgentInfo:
    """What the directory tells of an agent."""

    name: str
    """Its name."""
    description: str = ""
    """What it does, in its own words."""
    versions: tuple[str, ...] = ()
    """The versions that run."""
    health: Literal["available", "degraded", "unavailable"] | str = ""
    """Whether a call would find an instance."""
    capabilities: Capabilities = field(default_factory=Capabilities)
    """How it can be called."""


def read_answer(body: JsonObject, request_id: str) -> Answer:
    """Read an InvokeResponse."""
    message = object_at(body, "message") or {}
    parts = list_at(message, "parts")
    return Answer(
        text=text_at(message, "content") or "".join(text_at(part, "text") for part in parts),
        message=message,
        finish_reason=text_at(body, "finishReason"),
        usage=read_usage(body),
        call_id=text_at(body, "id"),
        request_id=request_id,
    )


def read_usage(value: JsonObject) -> Usage:
    """Read the usage of an answer or of a last event; what it does not say is 0."""
    usage = object_at(value, "usage") or {}
    return Usage(number_at(usage, "inputTokens"), number_at(usage, "outputTokens"))


def read_agent(value: JsonObject) -> AgentInfo:
    """Read an agent of the directory."""
    capabilities = object_at(value, "capabilities") or {}
    return AgentInfo(
        name=text_at(value, "name"),
        description=text_at(value, "description"),
        versions=texts_at(value, "versions"),
        health=text_at(value, "health"),
        capabilities=Capabilities(
            methods=texts_at(capabilities, "methods"),
            own_methods=tuple(
                AgentMethod(
                    grpc=text_at(each, "grpc"),
                    rest=text_at(each, "rest"),
                    client_streams=each.get("clientStreams") is True,
                    server_streams=each.get("serverStreams") is True,
                )
                for each in list_at(capabilities, "ownMethods")
            ),
            models=texts_at(capabilities, "models"),
        ),
    )
