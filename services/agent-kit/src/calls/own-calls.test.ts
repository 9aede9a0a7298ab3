// Calls of another agent's own methods over real gRPC, with no sidecar between them.

import type { JsonObject } from "@bufbuild/protobuf";
import { systemClock } from "@smartcall/runtime";
import { expect } from "chai";
import { agentError } from "../agent-error.ts";
import type { OwnCall } from "../own/own-service.ts";
import { delta } from "../pieces.ts";
import { metadataOf, readAll, userSays } from "../testing/ask-wire.ts";
import { eventually } from "../testing/eventually.ts";
import { measure, stationService, watch } from "../testing/own-station.ts";
import { type ServedAgent, serveForTest } from "../testing/served-agent.ts";
import type { Peer } from "./peer.ts";
import { sidecarCalls } from "./sidecar-calls.ts";

describe("calls of another agent's own methods", function () {
  this.timeout(10_000);
  let below: ServedAgent;
  let seen: OwnCall[];
  let closing: (() => unknown)[] = [];
  beforeEach(async () => {
    seen = [];
    const act = async ({ say = "" }: JsonObject, call: OwnCall): Promise<JsonObject> => {
      seen.push(call);
      if (say === "fail") throw agentError("FAILED_PRECONDITION", "It rains.", { reason: "RAIN" });
      if (say === "wait")
        await new Promise((resolve) => call.signal.addEventListener("abort", resolve));
      return { said: say };
    };
    const services = [
      stationService({
        Measure: act,
        async *Watch(request, call) {
          for (const said of ["one", "two"]) yield { said };
          yield await act(request, call);
        },
      }),
    ];
    below = await serveForTest({ name: "station", stream: async function* () {}, services });
    closing.push(below.close);
  });
  afterEach(async () => {
    for (const close of closing.reverse()) await close();
    closing = [];
  });

  /** An agent that does `act` with the station in the call that it is asked. */
  const calling = async (act: (station: Peer) => Promise<unknown>): Promise<ServedAgent> => {
    const outbound = sidecarCalls({ calls: below.server.address, egressPort: 1 }, systemClock);
    const caller = {
      name: "caller",
      async *stream(call: { agent(name: string): Peer }) {
        yield delta(JSON.stringify((await act(call.agent("station"))) ?? null));
      },
    };
    const served = await serveForTest(caller, systemClock, outbound);
    closing.push(outbound.close, served.close);
    return served;
  };
  const told = async (act: (station: Peer) => Promise<unknown>): Promise<unknown> => {
    const served = await calling(act);
    const metadata = metadataOf({ "x-request-id": "request-1", authorization: "Bearer s3cret" });
    const deadline = Date.now() + 8_000;
    const [first = ""] = await readAll(served.client.stream(userSays("x"), metadata, { deadline }));
    const text: unknown = JSON.parse(first);
    return typeof text === "string" ? JSON.parse(text) : text;
  };

  it("give the answer, and take along whose request it is and how long it may last", async () => {
    const answer = await told((station) => station.invokeOwn(measure, { say: "hello" }));
    expect(answer).to.deep.equal({ said: "hello" });
    const [call] = seen;
    expect(call?.requestId).to.equal("request-1");
    expect(call?.deadline?.getTime()).to.be.lessThan(Date.now() + 8_000);
    expect(JSON.stringify([call, Object.values(call ?? {})])).to.not.include("s3cret");
  });

  it("give every answer as it comes", async () => {
    const all: unknown[] = [];
    await told(async (station) => {
      for await (const each of station.streamOwn(watch, { say: "last" })) all.push(each);
    });
    expect(all).to.deep.equal([{ said: "one" }, { said: "two" }, { said: "last" }]);
  });

  it("fail as the other agent did, also after its first answers, or as it was too slow", async () => {
    const failures: unknown[] = [];
    const keep = (thrown: unknown): void => void failures.push(thrown);
    await told(async (station) => {
      await station.invokeOwn(measure, { say: "fail" }).catch(keep);
      const stream = station.streamOwn(watch, { say: "fail" });
      for (;;) if ((await stream.next().catch(keep))?.done !== false) break;
      await station.invokeOwn(measure, { say: "wait" }, { timeoutMs: 300 }).catch(keep);
      return "failed";
    });
    for (const failure of failures.slice(0, 2)) {
      expect(failure).to.include({ code: "FAILED_PRECONDITION", message: "It rains." });
      expect(failure).to.have.nested.property("details.reason", "RAIN");
      expect(failure).to.have.nested.property("details.metadata.requestId", "request-1");
    }
    expect(failures[2]).to.include({ code: "DEADLINE_EXCEEDED" });
    expect(failures).to.have.length(3);
  });

  it("fail once, and by name, where the answer is none that its method can give", async () => {
    const failures: unknown[] = [];
    const nothing = { ...measure, responseDeserialize: () => undefined };
    await told(async (station) => {
      await station.invokeOwn(nothing, { say: "hello" }).catch((thrown) => failures.push(thrown));
    });
    expect(failures).to.have.length(1);
    expect(failures[0]).to.include({
      code: "INTERNAL",
      message: "the answer of station is none that its method can give",
    });
    expect(failures[0]).to.have.nested.property("details.metadata.requestId", "request-1");
  });

  it("end when the call ends that they are a part of", async () => {
    const served = await calling((station) => station.invokeOwn(measure, { say: "wait" }));
    const stream = served.client.stream(userSays("x"));
    const told = readAll(stream);
    await eventually("it runs", () => seen.length === 1);
    stream.cancel();
    await told;
    await eventually("it is stopped", () => seen[0]?.signal.aborted === true);
  });
});
