// Requests and events of the wire, made and read in one line.

import {
  type ClientReadableStream,
  Metadata,
  type ServiceError,
  type StatusObject,
  status,
} from "@grpc/grpc-js";
import { type AgentServiceClient, agentPb } from "@smartcall/protos";

/** A request with one message of the user. */
export function userSays(text: string): agentPb.InvokeRequest {
  const message = new agentPb.Message();
  message.setRole("user");
  message.setContent(text);
  const request = new agentPb.InvokeRequest();
  request.addMessages(message);
  return request;
}

/** An event in short: `"text"`, `heartbeat`, `done stop`, `error CODE`. */
export function inShort(event: agentPb.StreamEvent): string {
  const error = event.getError();
  if (error !== undefined) return `error ${status[error.getCode()]}`;
  const done = event.getDone();
  if (done !== undefined) return `done ${done.getFinishReason()}`;
  const delta = event.getDelta();
  return delta === undefined ? "heartbeat" : JSON.stringify(delta.getContent());
}

/** All events in short, then `status CODE`. */
export async function readAll(
  stream: ClientReadableStream<agentPb.StreamEvent>,
): Promise<readonly string[]> {
  const told: string[] = [];
  stream.on("data", (event: agentPb.StreamEvent) => told.push(inShort(event)));
  stream.on("error", () => undefined);
  const end = await endOf(stream);
  return [...told, `status ${status[end.code]}`];
}

/** How a stream ended; it must be read for that. */
export function endOf(stream: ClientReadableStream<unknown>): Promise<StatusObject> {
  return new Promise((resolve) => stream.once("status", resolve));
}

/** The answer, or the error. */
export function invoke(
  client: AgentServiceClient,
  request: agentPb.InvokeRequest,
  metadata: Metadata = new Metadata(),
): Promise<agentPb.InvokeResponse | ServiceError> {
  return new Promise((resolve, reject) => {
    client.invoke(request, metadata, {}, (error, response) => {
      const told = error ?? response;
      if (told === undefined) reject(new Error("neither answer nor error"));
      else resolve(told);
    });
  });
}

/** Metadata of these keys. */
export function metadataOf(keys: Readonly<Record<string, string>>): Metadata {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(keys)) metadata.set(key, value);
  return metadata;
}
