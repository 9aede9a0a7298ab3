// What a test has in the place of the gateway behind the service: it does what a turn's text says.

import { once } from "node:events";
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerWritableStream,
  status,
} from "@grpc/grpc-js";
import { agentPb, agentService, anyPb, errorDetailsPb, statusPb } from "@smartcall/protos";

/** The other end of the turns. */
export interface Inside {
  /** The metadata of each turn, in their order. */
  readonly turns: readonly Metadata[];
  /** How many events were written to those that read them, and how many wait. */
  readonly written: () => number;
  /** From here on these tokens are not taken. */
  revoke(authorization: string): void;
  /** Lets the turns that are held end. */
  release(): void;
  /** How many turns their caller has cancelled. */
  readonly cancelled: () => number;
  close(): void;
}

type Call = ServerWritableStream<agentPb.InvokeRequest, agentPb.StreamEvent>;

/**
 * `count` says how many messages the turn has; `hold` says something, and waits; `break` breaks
 * off after an event; `refuse` is refused; `flood` says far more than fits any buffer; `late` says
 * nothing for long, `long` 2,000 letters, `heap` the same, and waits, and `garbage` what is no event.
 */
export async function startInside(socket: string): Promise<Inside> {
  const turns: Metadata[] = [];
  const revoked = new Set<string>();
  const held = new Set<() => void>();
  const holding = () => new Promise<void>((resolve) => held.add(resolve));
  let written = 0;
  let cancelled = 0;
  const server = new Server({ "grpc.max_receive_message_length": -1 });
  const stream = async (call: Call): Promise<void> => {
    const [token] = call.metadata.get("authorization");
    if (revoked.has(String(token))) {
      call.emit("error", failure(status.UNAUTHENTICATED, "TOKEN_REVOKED"));
      return;
    }
    if (call.metadata.get("smartcall-agent").length === 0) {
      call.emit("error", failure(status.INVALID_ARGUMENT, "INVALID_REQUEST"));
      return;
    }
    turns.push(call.metadata);
    let over = false;
    call.once("cancelled", () => {
      if (!over) cancelled += 1;
    });
    const messages = call.request.getMessagesList();
    const text = messages.at(-1)?.getContent() ?? "";
    if (text === "refuse") {
      call.emit("error", failure(status.RESOURCE_EXHAUSTED, "RATE_LIMITED"));
      return;
    }
    if (text === "garbage") call.write(new Garbage());
    if (text === "late" || text === "garbage") await holding();
    let sequence = 1;
    call.write(event(sequence, contentOf(text, messages.length)));
    if (text === "break") {
      await new Promise((resolve) => setTimeout(resolve, 20));
      call.emit("error", failure(status.UNAVAILABLE, "AGENT_UNAVAILABLE"));
      return;
    }
    if (text === "hold" || text === "heap") await holding();
    if (text === "flood") {
      for (let left = 2_000; left > 0 && !call.cancelled; left -= 1) {
        sequence += 1;
        written += 1;
        if (!call.write(event(sequence, "x".repeat(32_768)))) await once(call, "drain");
      }
    }
    over = !call.cancelled;
    call.write(event(sequence + 1));
    call.end();
  };
  server.addService(agentService, {
    stream: (call: Call) => {
      stream(call).catch((error: unknown) => call.emit("error", error));
    },
    invoke: () => undefined,
    converse: () => undefined,
  });
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${socket}`, ServerCredentials.createInsecure(), (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
  return {
    turns,
    written: () => written,
    cancelled: () => cancelled,
    revoke: (authorization) => void revoked.add(authorization),
    release() {
      for (const end of held) end();
      held.clear();
    },
    close: () => server.forceShutdown(),
  };
}

function contentOf(text: string, messages: number): string {
  if (text === "count") return `${messages}`;
  return text === "long" || text === "heap" ? "x".repeat(2_000) : "said";
}

/** Bytes that are no message. */
class Garbage extends agentPb.StreamEvent {
  override serializeBinary(): Uint8Array {
    return new Uint8Array(100).fill(0xff);
  }
}

/** More of an answer, or without it its end. */
function event(sequence: number, content?: string): agentPb.StreamEvent {
  const made = new agentPb.StreamEvent();
  made.setCallId("call");
  made.setSequence(sequence);
  if (content === undefined) {
    const done = new agentPb.Done();
    done.setFinishReason("stop");
    made.setDone(done);
  } else {
    const delta = new agentPb.Delta();
    delta.setContent(content);
    made.setDelta(delta);
  }
  return made;
}

function failure(code: status, reason: string) {
  const info = new errorDetailsPb.ErrorInfo();
  info.setReason(reason);
  info.setDomain("smartcall");
  const any = new anyPb.Any();
  any.pack(info.serializeBinary(), "google.rpc.ErrorInfo");
  const rpc = new statusPb.Status();
  rpc.setCode(code);
  rpc.addDetails(any);
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(rpc.serializeBinary()));
  return { code, details: "it was told to", metadata };
}
