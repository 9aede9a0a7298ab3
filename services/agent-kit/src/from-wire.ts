// A request on the wire becomes what an agent is asked.

import type { agentPb } from "@smartcall/protos";
import { type Ask, type ImageSource, type Message, type Part, type Role, roles } from "./call.ts";

/** @param request One that keeps the contract's rules. */
export function askFromWire(request: agentPb.InvokeRequest): Ask {
  const model = request.getModel();
  return {
    messages: request.getMessagesList().map(messageFromWire),
    ...(request.hasTemperature() && { temperature: request.getTemperature() }),
    ...(request.hasMaxTokens() && { maxTokens: request.getMaxTokens() }),
    ...(request.hasTopP() && { topP: request.getTopP() }),
    ...(request.hasSeed() && { seed: request.getSeed() }),
    stop: request.getStopList(),
    ...(model !== "" && { model }),
  };
}

function messageFromWire(message: agentPb.Message): Message {
  const parts = message.getPartsList();
  return {
    role: toRole(message.getRole()),
    content: message.getContent(),
    ...(parts.length > 0 && { parts: parts.map(partFromWire) }),
  };
}

function toRole(text: string): Role {
  const role = roles.find((known) => known === text);
  if (role === undefined) throw new Error("the contract allows a role that the kit does not know");
  return role;
}

function partFromWire(part: agentPb.Part): Part {
  const image = part.getImage();
  if (image !== undefined) {
    return { kind: "image", source: imageSource(image), mediaType: image.getMediaType() };
  }
  const toolCall = part.getToolCall();
  if (toolCall !== undefined) {
    return {
      kind: "toolCall",
      id: toolCall.getId(),
      name: toolCall.getName(),
      arguments: toolCall.getArguments()?.toJavaScript() ?? {},
    };
  }
  const result = part.getToolResult();
  if (result !== undefined) {
    return {
      kind: "toolResult",
      id: result.getId(),
      content: result.getContent(),
      failed: result.getFailed(),
    };
  }
  return { kind: "text", text: part.getText() };
}

function imageSource(image: agentPb.Image): ImageSource {
  return image.hasData()
    ? { kind: "data", data: image.getData_asU8() }
    : { kind: "url", url: image.getUrl() };
}
