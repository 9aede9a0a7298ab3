// Answers of other agents that stop without their last event, over real gRPC.

import { randomUUID } from "node:crypto";
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerWritableStream,
  status,
} from "@grpc/grpc-js";
import { type agentPb, agentService, reasons } from "@smartcall/protos";
import { systemClock } from "@smartcall/runtime";
import { expect } from "chai";
import { AgentError } from "../agent-error.ts";
import { eventToWire } from "../to-wire.ts";
import { createCallTree } from "./call-tree.ts";
import { sidecarCalls } from "./sidecar-calls.ts";

type Answering = ServerWritableStream<agentPb.InvokeRequest, agentPb.StreamEvent>;

describe("a stream that breaks", function () {
  this.timeout(10_000);
  let server: Server | undefined;
  afterEach(() => server?.forceShutdown());

  const breaks: Readonly<Record<string, (call: Answering, server: Server) => void>> = {
    "ends without a last event": (call) => {
      write(call, 1, 2);
      call.end();
    },
    "ends before its first event": (call) => call.end(),
    "is reset by the gateway between": (call) => {
      write(call, 1, 2);
      const details = "upstream reset";
      call.emit("error", { code: status.UNAVAILABLE, details, metadata: new Metadata() });
    },
    "has a gap": (call) => {
      write(call, 1, 2, 4);
      call.end();
    },
    "says an event twice": (call) => {
      write(call, 1, 2, 2);
      call.end();
    },
    "loses its connection": (call, from) => {
      write(call, 1, 2);
      setTimeout(() => from.forceShutdown(), 100);
    },
    "goes on after its end": (call) => {
      write(call, 1, 2);
      call.write(eventToWire(done, { ...place, sequence: 3 }));
      write(call, 4);
      call.end();
    },
  };

  for (const [what, answer] of Object.entries(breaks)) {
    it(`that ${what} is an error with reason STREAM_BROKEN and the text so far, never done`, async () => {
      const { texts, thrown } = await callOf(answer);
      expect(texts).to.deep.equal(what.includes("first") ? [] : ["1", "2"]);
      expect(thrown).to.be.instanceOf(AgentError);
      expect(thrown).to.include({ code: reasons.STREAM_BROKEN.status });
      expect(thrown)
        .to.have.property("details")
        .that.includes({
          reason: "STREAM_BROKEN",
          textSoFar: texts.join(""),
        });
      expect(thrown).to.have.nested.property("details.metadata.requestId", "request-1");
    });
  }

  it("is not one whose connection is lost after its last event", async () => {
    const { texts, thrown } = await callOf((call, from) => {
      write(call, 1);
      call.write(eventToWire(done, { ...place, sequence: 2 }));
      setTimeout(() => from.forceShutdown(), 100);
    });
    expect(thrown).to.equal("done");
    expect(texts).to.deep.equal(["1"]);
  });

  async function callOf(answer: (call: Answering, server: Server) => void) {
    const { started, address } = await serve(answer);
    server = started;
    const outbound = sidecarCalls({ calls: address, egressPort: 1 }, systemClock);
    const caller = {
      door: "stream",
      requestId: "request-1",
      traceId: "0".repeat(32),
      signal: new AbortController().signal,
    } as const;
    const tree = createCallTree(outbound, caller, new AbortController(), systemClock);
    const texts: string[] = [];
    let thrown: unknown = "nothing";
    try {
      for await (const piece of tree.agent("inner").stream("x")) {
        if (piece.kind === "delta") texts.push(piece.text);
        else thrown = piece.kind;
      }
    } catch (error) {
      thrown = error;
    } finally {
      outbound.close();
    }
    return { texts, thrown };
  }
});

const place = { callId: randomUUID(), requestId: "request-1" };
const done = {
  kind: "done",
  finishReason: "stop",
  usage: { inputTokens: 0, outputTokens: 0 },
} as const;

function write(call: Answering, ...sequences: readonly number[]): void {
  for (const sequence of sequences) {
    call.write(eventToWire({ kind: "delta", text: `${sequence}` }, { ...place, sequence }));
  }
}

async function serve(answer: (call: Answering, server: Server) => void) {
  const started = new Server();
  const stream = (call: Answering): void => answer(call, started);
  started.addService({ stream: agentService.stream }, { stream });
  const port = await new Promise<number>((resolve, reject) => {
    started.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, free) => {
      if (error === null) resolve(free);
      else reject(error);
    });
  });
  return { started, address: `127.0.0.1:${port}` };
}
