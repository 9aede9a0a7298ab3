// One call without a wire: the machine behind every door, and the same bytes.

import { randomUUID } from "node:crypto";
import { agentPb } from "@smartcall/protos";
import { answer } from "../answer.ts";
import { askToWire } from "../ask-to-wire.ts";
import type { Ask } from "../call.ts";
import type { Caller, Host } from "../host.ts";
import { eventToWire } from "../to-wire.ts";
import type { PeerAnswer, PeerPiece } from "./peer.ts";
import { readPieces } from "./read-pieces.ts";

/** An answer as it comes. */
export interface PlayedCall {
  readonly id: string;
  readonly pieces: AsyncGenerator<PeerPiece, void, void>;
}

export function playCall(host: Host, ask: Ask, caller: Caller): PlayedCall {
  const id = randomUUID();
  const from = { agent: host.agent.name, requestId: caller.requestId };
  const pieces = readPieces(eventsOf(host, ask, caller, id), from, ({ thrown }) => {
    throw thrown;
  });
  return { id, pieces };
}

/** The whole of it. */
export async function wholeAnswer({ id, pieces }: PlayedCall): Promise<PeerAnswer> {
  const texts: string[] = [];
  for await (const piece of pieces) {
    if (piece.kind === "delta") texts.push(piece.text);
    else {
      const { finishReason, usage } = piece;
      return { id, text: texts.join(""), finishReason, usage };
    }
  }
  throw new Error("the answer had no last event");
}

async function* eventsOf(
  host: Host,
  ask: Ask,
  caller: Caller,
  callId: string,
): AsyncGenerator<agentPb.StreamEvent, void, void> {
  const asked = host.reader.readInvoke(askToWire(ask).serializeBinary());
  let sequence = 0;
  for await (const event of answer(host, asked, caller, callId)) {
    sequence++;
    const wire = eventToWire(event, { callId, requestId: caller.requestId, sequence });
    yield agentPb.StreamEvent.deserializeBinary(wire.serializeBinary());
  }
}
