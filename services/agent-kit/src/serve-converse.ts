// `Converse`: turn after turn on one stream.

import { type handleBidiStreamingCall, Metadata, type ServerDuplexStream } from "@grpc/grpc-js";
import type { agentPb } from "@smartcall/protos";
import { AgentError, agentError } from "./agent-error.ts";
import { answer } from "./answer.ts";
import { callerOf, incoming } from "./caller.ts";
import { createConversation } from "./conversation.ts";
import { callerLeft, toAgentError } from "./failure.ts";
import type { Caller, Host } from "./host.ts";
import { toGrpcStatus } from "./rpc-status.ts";
import { createSpending } from "./spending.ts";
import { eventToWire } from "./to-wire.ts";
import { atExpiry, tokenExpired } from "./token-expiry.ts";
import { turnQueue } from "./turn-queue.ts";
import { usageMetadata } from "./usage-trailer.ts";
import { writeEvent } from "./write-events.ts";

/** Turns that may wait unread; beyond, the caller is not read from, cancels included. */
const mostTurns = 16;

/**
 * Every turn gets exactly one last event in the band, a refused one too; the
 * conversation goes on after it. It ends itself with the caller's token: then the
 * turns that are left are refused, and the status says why.
 */
export function serveConverse(host: Host): handleBidiStreamingCall<Buffer, agentPb.StreamEvent> {
  return (call) => {
    const caller = callerOf(incoming(call), "converse", host.newId);
    converse(host, call, caller).catch((bug: unknown) => {
      call.emit("error", toGrpcStatus(toAgentError(bug, host.log), caller.requestId));
    });
  };
}

async function converse(
  host: Host,
  call: ServerDuplexStream<Buffer, agentPb.StreamEvent>,
  caller: Caller,
): Promise<void> {
  const conversation = createConversation(host.reader.mostMessages);
  const spending = createSpending(caller.grant);
  const turns = turnQueue();
  const goAway = (): void => turns.close();
  call.on("data", (bytes: Buffer) => {
    const said = host.reader.readConverse(bytes, caller.routed);
    if (said instanceof AgentError) turns.add(said);
    else if (said.kind === "turn") turns.add(said.ask);
    else turns.cancel();
    if (turns.size >= mostTurns) call.pause();
  });
  call.on("end", () => turns.close());
  caller.signal.addEventListener("abort", () => turns.close(callerLeft));
  host.ending.addEventListener("abort", goAway, { once: true });
  // Callers may think for as long as they like before their first turn: gateways bound how
  // long a request may take to come until they see the beginning of its answer.
  if (host.ending.aborted) goAway();
  else call.sendMetadata(new Metadata());
  const trusted = new AbortController();
  const disarm = atExpiry(host.clock, caller.identity, () => {
    trusted.abort();
    turns.close(tokenExpired);
  });
  try {
    for (let turn = await turns.first(); turn !== undefined; turn = await turns.first()) {
      const asked = spending.ask(conversation.ask(turn.asked));
      const asker = { ...caller, ...spending.left(), signal: turn.stop.signal };
      const callId = host.newId();
      const texts: string[] = [];
      let sequence = 0;
      for await (const event of answer(host, asked, asker, callId, spending.used)) {
        sequence++;
        const wire = eventToWire(event, { callId, requestId: caller.requestId, sequence });
        await writeEvent(call, wire, caller.signal);
        if (event.kind === "delta") texts.push(event.text);
        else if (event.kind !== "heartbeat") conversation.ended(turn.asked, texts.join(""), event);
      }
      turns.ended();
      if (turns.size < mostTurns) call.resume();
    }
  } finally {
    host.ending.removeEventListener("abort", goAway);
    disarm();
  }
  if (trusted.signal.aborted)
    call.emit("error", toGrpcStatus(tokenExpired, caller.requestId, spending.total()));
  else if (host.ending.aborted)
    call.emit("error", toGrpcStatus(goingAway(), caller.requestId, spending.total()));
  else call.end(usageMetadata(spending.total()));
}

function goingAway(): AgentError {
  return agentError("UNAVAILABLE", "the agent is going away", { reason: "AGENT_ENDING" });
}
