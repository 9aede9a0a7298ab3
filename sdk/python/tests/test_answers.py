"""What is read from answers."""

from __future__ import annotations

from smartcall.answers import read_agent, read_answer


def test_an_answer_in_parts_has_the_text_of_its_parts() -> None:
    call = {"toolCall": {"id": "1", "name": "search"}}
    message = {"role": "assistant", "parts": [{"text": "one "}, call, {"text": "two"}]}
    answer = read_answer({"id": "c", "message": message, "finishReason": "tool_calls"}, "r")
    assert (answer.text, answer.finish_reason, answer.message) == ("one two", "tool_calls", message)
    bare = read_answer({}, "")
    assert (bare.text, bare.usage.input_tokens, bare.call_id) == ("", 0, "")


def test_an_agent_may_have_methods_and_models_of_its_own() -> None:
    own = {"grpc": "/acme.Weather/Forecast", "rest": "/v1/x", "serverStreams": True}
    capabilities = {"methods": ["invoke", 7], "ownMethods": [own], "models": ["small"]}
    agent = read_agent({"name": "weather", "versions": ["1"], "capabilities": capabilities})
    assert agent.capabilities.methods == ("invoke",)
    method = agent.capabilities.own_methods[0]
    assert (method.grpc, method.server_streams, method.client_streams) == (own["grpc"], True, False)
    assert (agent.versions, agent.capabilities.models, agent.health) == (("1",), ("small",), "")
