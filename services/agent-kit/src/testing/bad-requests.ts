// Requests that break the contract, one rule each, and where each breaks it.

import { agentPb, type Violation } from "@smartcall/protos";
import { userSays } from "./ask-wire.ts";

/** One bad request. */
export interface BadRequest {
  readonly name: string;
  readonly request: agentPb.InvokeRequest;
  readonly violations: readonly Violation[];
}

const oneOf = "must have exactly one of content, parts";
const oneKind = "must have exactly one of text, image, toolCall, toolResult";

export const badRequests: readonly BadRequest[] = [
  bad("nothing at all", { path: "messages", problem: "is required" }, (request) =>
    request.clearMessagesList(),
  ),
  bad("no role", { path: "messages[0].role", problem: "is required" }, (_, message) =>
    message.setRole(""),
  ),
  bad(
    "an unknown role",
    { path: "messages[0].role", problem: "must be one of system, user, assistant, tool" },
    (_, message) => message.setRole("User"),
  ),
  bad("neither content nor parts", { path: "messages[0]", problem: oneOf }, (_, message) =>
    message.setContent(""),
  ),
  bad("content and parts", { path: "messages[0]", problem: oneOf }, (_, message) => {
    const part = new agentPb.Part();
    part.setText("");
    message.addParts(part);
  }),
  bad("a part of no kind", { path: "messages[0].parts[1]", problem: oneKind }, (_, message) => {
    message.setContent("");
    const part = new agentPb.Part();
    part.setText("");
    message.setPartsList([part, new agentPb.Part()]);
  }),
  bad(
    "a tool call without a name",
    { path: "messages[0].parts[0].toolCall.name", problem: "is required" },
    (_, message) => {
      message.setContent("");
      const toolCall = new agentPb.ToolCall();
      toolCall.setId("1");
      const part = new agentPb.Part();
      part.setToolCall(toolCall);
      message.addParts(part);
    },
  ),
  ...["\u0000", "\u0007", "\u001b[2J", "\u007f", "\u009b"].map((text) =>
    bad(
      `a text with ${JSON.stringify(text)}`,
      { path: "messages[0].content", problem: "must have no control characters" },
      (_, message) => message.setContent(`hi${text}`),
    ),
  ),
  bad(
    "a control character in a part",
    { path: "messages[0].parts[0].text", problem: "must have no control characters" },
    (_, message) => {
      message.setContent("");
      const part = new agentPb.Part();
      part.setText("hi\u0008");
      message.addParts(part);
    },
  ),
  bad(
    "a control character in what a tool answered",
    {
      path: "messages[0].parts[0].toolResult.content",
      problem: "must have no control characters",
    },
    (_, message) => {
      message.setContent("");
      const toolResult = new agentPb.ToolResult();
      toolResult.setId("1");
      toolResult.setContent("\u001b[31mno\u001b[0m");
      const part = new agentPb.Part();
      part.setToolResult(toolResult);
      message.addParts(part);
    },
  ),
  bad(
    "a control character in a stop",
    { path: "stop[0]", problem: "must have no control characters" },
    (request) => request.setStopList(["\u0003"]),
  ),
  bad("heat above the bound", { path: "temperature", problem: "must be from 0 to 2" }, (request) =>
    request.setTemperature(2.01),
  ),
  bad(
    "heat that is no number",
    { path: "temperature", problem: "must be from 0 to 2" },
    (request) => request.setTemperature(Number.NaN),
  ),
  bad("no tokens", { path: "maxTokens", problem: "must be from 1 to 1000000" }, (request) =>
    request.setMaxTokens(0),
  ),
  bad("a seed below 0", { path: "seed", problem: "must be at least 0" }, (request) =>
    request.setSeed(-1),
  ),
  bad("too many stops", { path: "stop", problem: "must have at most 8 items" }, (request) =>
    request.setStopList(Array.from({ length: 9 }, () => "x")),
  ),
  bad(
    "a stop that is too long, by code points",
    { path: "stop[1]", problem: "must be at most 100 characters long" },
    (request) => request.setStopList(["🙂".repeat(100), "🙂".repeat(101)]),
  ),
  bad(
    "a model with an escape sequence",
    { path: "model", problem: "must have no control characters" },
    (request) => request.setModel("gpt\u001b[31m"),
  ),
  bad(
    "a model with a C1 control",
    { path: "model", problem: "must have no control characters" },
    (request) => request.setModel("gpt\u009b31m"),
  ),
];

function bad(
  name: string,
  violation: Violation,
  spoil: (request: agentPb.InvokeRequest, message: agentPb.Message) => void,
): BadRequest {
  const request = userSays("hello");
  const [message] = request.getMessagesList();
  if (message !== undefined) spoil(request, message);
  return { name, request, violations: [violation] };
}
