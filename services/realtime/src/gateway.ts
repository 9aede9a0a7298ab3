// The gateway that the sockets came through, as each turn goes back into it.

import {
  Client,
  type ClientReadableStream,
  credentials,
  Metadata,
  type ServiceError,
  status,
} from "@grpc/grpc-js";
import { agentService } from "@smartcall/protos";
import { bounds } from "./bounds.ts";
import type { Contract } from "./contract.ts";
import { reasonIn, refusalOf } from "./refusal.ts";
import type { ShownToken } from "./token.ts";

/** What the gateway says of a token; `unknown` where it cannot be asked. */
export type TokenVerdict = "good" | "refused" | "unknown";

/** The gateway. */
export interface Gateway {
  /**
   * One turn: the bytes of an InvokeRequest; what comes are those of StreamEvents. The gateway and
   * the agent are told how long it may take, and end it; should neither, it ends here a little later.
   */
  stream(bytes: Buffer, metadata: Metadata, timeoutMs?: number): ClientReadableStream<Buffer>;
  /** Asks whether a token is taken at this moment. */
  verdictOn(token: ShownToken): Promise<TokenVerdict>;
  close(): void;
}

const asTheyAre = (bytes: Buffer): Buffer => bytes;

/** How long the gateway may take to say something of a token, in milliseconds. */
const patienceMs = 5_000;

/** How much later than agents a turn's time ends here, in milliseconds. */
const slackMs = 3_000;

/** @param target such as `unix:inside.sock` */
export function createGateway(target: string, contract: Contract): Gateway {
  const client = new Client(target, credentials.createInsecure(), {
    "grpc.max_receive_message_length": bounds.event,
    "grpc.max_reconnect_backoff_ms": 1_000,
    "grpc.initial_reconnect_backoff_ms": 100,
    // A name of its own, since the socket's path is none.
    "grpc.default_authority": "inside",
    "grpc.keepalive_time_ms": 30_000,
  });
  const { path } = agentService.stream;
  const stream: Gateway["stream"] = (bytes, metadata, timeoutMs) => {
    if (timeoutMs !== undefined) metadata.set("x-request-timeout-ms", `${timeoutMs}`);
    return client.makeServerStreamRequest(path, asTheyAre, asTheyAre, bytes, metadata, {
      ...(timeoutMs !== undefined && { deadline: Date.now() + timeoutMs + slackMs }),
    });
  };
  return {
    stream,
    // A call that names no agent is refused as such only where its token is taken; it meets
    // no agent, no limit and no budget.
    verdictOn: ({ header, value }) =>
      new Promise((resolve) => {
        const metadata = new Metadata();
        metadata.set(header, value);
        const call = stream(Buffer.alloc(0), metadata, patienceMs);
        call.on("data", () => undefined);
        call.on("end", () => resolve("unknown"));
        call.on("error", (error: ServiceError) => {
          const { details } = refusalOf(error, contract, "");
          if (error.code === status.UNAUTHENTICATED) resolve("refused");
          else resolve(reasonIn(details) === "INVALID_REQUEST" ? "good" : "unknown");
        });
      }),
    close: () => client.close(),
  };
}
