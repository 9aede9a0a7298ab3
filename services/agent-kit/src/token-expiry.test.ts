import { createManualClock, type ManualClock } from "@smartcall/runtime/testing";
// Calls whose token expires, over real gRPC with a clock that stands still.

import { type Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { agentPb, statusPb } from "@smartcall/protos";
import { expect } from "chai";
import type { Call } from "./call.ts";
import { delta } from "./pieces.ts";
import { fromRpcStatus } from "./read-status.ts";
import { endOf, inShort, invoke, metadataOf, userSays } from "./testing/ask-wire.ts";
import { eventually } from "./testing/eventually.ts";
import { type ServedAgent, serveForTest } from "./testing/served-agent.ts";

describe("a call whose token expires", function () {
  this.timeout(10_000);
  let clock: ManualClock;
  let served: ServedAgent;
  let running: Call[];
  beforeEach(async () => {
    clock = createManualClock(Date.UTC(2026, 0, 1));
    running = [];
    const name = "poet";
    const heartbeatMs = 1_000_000_000;
    async function* stream(call: Call) {
      running.push(call);
      yield delta("a");
      if (call.lastUserText === "hello") await aborted(call.signal);
    }
    served = await serveForTest({ name, heartbeatMs, stream }, clock);
  });
  afterEach(async () => {
    await eventually("no call is left", () => served.host.halts.size === 0);
    await served.close();
  });

  const begun = () => eventually("the call runs", () => running.length === 1);

  it("ends UNAUTHENTICATED, and not a moment before", async () => {
    const failed = invoke(served.client, userSays("hello"), expiring(90_000));
    await begun();
    clock.pass(89_999);
    await settled();
    expect(running[0]?.signal.aborted).to.equal(false);
    clock.pass(1);
    const error = await failed;
    expect(error).to.have.property("code", status.UNAUTHENTICATED);
    expect(reasonOf(error)).to.equal("TOKEN_EXPIRED");
    expect(running[0]?.signal.aborted).to.equal(true);
  });

  it("ends with the last event where it streams", async () => {
    const stream = served.client.stream(userSays("hello"), expiring(90_000));
    const told: string[] = [];
    stream.on("data", (event: agentPb.StreamEvent) => told.push(inShort(event)));
    const ended = endOf(stream);
    await eventually("it has begun", () => told.length === 1);
    clock.pass(90_000);
    expect((await ended).code).to.equal(status.OK);
    expect(told).to.deep.equal(['"a"', "error UNAUTHENTICATED"]);
  });

  it("ends every turn of a conversation, and the conversation", async () => {
    const stream = served.client.converse(expiring(90_000));
    const told: string[] = [];
    stream.on("data", (event: agentPb.StreamEvent) => told.push(inShort(event)));
    stream.on("error", () => undefined);
    const ended = endOf(stream);
    for (const text of ["short", "hello", "never"]) {
      const request = new agentPb.ConverseRequest();
      request.setTurn(userSays(text));
      stream.write(request);
    }
    await eventually("the second turn runs", () => running.length === 2);
    clock.pass(90_000);
    expect((await ended).code).to.equal(status.UNAUTHENTICATED);
    const error = "error UNAUTHENTICATED";
    expect(told).to.deep.equal(['"a"', "done stop", '"a"', error, error]);
    expect(running).to.have.length(2);
  });

  it("ends a conversation that is silent", async () => {
    const stream = served.client.converse(expiring(90_000));
    stream.on("error", () => undefined).resume();
    const ended = endOf(stream);
    const request = new agentPb.ConverseRequest();
    request.setTurn(userSays("short"));
    stream.write(request);
    await begun();
    await settled();
    clock.pass(90_000);
    expect((await ended).code).to.equal(status.UNAUTHENTICATED);
  });

  it("does not begin where it had expired before", async () => {
    const error = await invoke(served.client, userSays("hello"), expiring(0));
    expect(error).to.have.property("code", status.UNAUTHENTICATED);
    expect(running).to.deep.equal([]);
  });

  it("goes on where the token lives longer than any timer", async () => {
    const stream = served.client.stream(userSays("hello"), expiring(400 * 24 * 3_600_000));
    stream.on("error", () => undefined).resume();
    await begun();
    clock.pass(300 * 24 * 3_600_000);
    await settled();
    expect(running[0]?.signal.aborted).to.equal(false);
    clock.pass(100 * 24 * 3_600_000);
    await eventually("the call has ended", () => running[0]?.signal.aborted === true);
  });

  /** What the edge writes for a token that expires so much later. */
  function expiring(ms: number): Metadata {
    const claims = { sub: "ann", exp: (clock.now() + ms) / 1000 };
    const encoded = Buffer.from(JSON.stringify(claims)).toString("base64url");
    return metadataOf({ "smartcall-claims": encoded });
  }
});

function reasonOf(told: agentPb.InvokeResponse | ServiceError): string | undefined {
  const [bytes] = "metadata" in told ? told.metadata.get("grpc-status-details-bin") : [];
  if (!(bytes instanceof Uint8Array)) return undefined;
  return fromRpcStatus(statusPb.Status.deserializeBinary(bytes)).details.reason;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Every promise that can settle without the clock has. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
