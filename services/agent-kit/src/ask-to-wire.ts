// What an agent is asked becomes a request on the wire.

import { agentPb, structPb } from "@smartcall/protos";
import type { Ask, Message, Part } from "./call.ts";

export function askToWire(ask: Ask): agentPb.InvokeRequest {
  const wire = new agentPb.InvokeRequest();
  wire.setMessagesList(ask.messages.map(messageToWire));
  if (ask.temperature !== undefined) wire.setTemperature(ask.temperature);
  if (ask.maxTokens !== undefined) wire.setMaxTokens(ask.maxTokens);
  if (ask.topP !== undefined) wire.setTopP(ask.topP);
  if (ask.seed !== undefined) wire.setSeed(ask.seed);
  wire.setStopList([...ask.stop]);
  wire.setModel(ask.model ?? "");
  return wire;
}

function messageToWire(message: Message): agentPb.Message {
  const wire = new agentPb.Message();
  wire.setRole(message.role);
  wire.setContent(message.content);
  wire.setPartsList((message.parts ?? []).map(partToWire));
  return wire;
}

function partToWire(part: Part): agentPb.Part {
  const wire = new agentPb.Part();
  switch (part.kind) {
    case "text":
      wire.setText(part.text);
      return wire;
    case "image": {
      const image = new agentPb.Image();
      if (part.source.kind === "url") image.setUrl(part.source.url);
      else image.setData(part.source.data);
      image.setMediaType(part.mediaType);
      wire.setImage(image);
      return wire;
    }
    case "toolCall": {
      const toolCall = new agentPb.ToolCall();
      toolCall.setId(part.id);
      toolCall.setName(part.name);
      toolCall.setArguments(structPb.Struct.fromJavaScript(part.arguments));
      wire.setToolCall(toolCall);
      return wire;
    }
    case "toolResult": {
      const result = new agentPb.ToolResult();
      result.setId(part.id);
      result.setContent(part.content);
      result.setFailed(part.failed);
      wire.setToolResult(result);
      return wire;
    }
  }
}
