// Agents call methods of each other's own through their sidecars.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "@bufbuild/protobuf";
import { AgentError, jsonMethod } from "@smartcall/agent-kit";
import { sidecarCalls } from "@smartcall/agent-kit/dist/calls/sidecar-calls.js";
import { readOwnServices } from "@smartcall/control-plane/dist/source/own-services/index.js";
import { systemClock } from "@smartcall/runtime";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { type SidecarMesh, startSidecarMesh } from "./mesh.ts";

const descriptors = readFileSync(join(root, "test", "agents", "weather", "station.binpb"));
const service = "acme.station.v1.Station";
const measure = jsonMethod({ service, method: "Measure", descriptors });

describe("an agent's own methods, called by other agents", function () {
  this.timeout(120_000);
  let mesh: SidecarMesh;
  before(async () => {
    const services = readOwnServices(descriptors, "station");
    if ("problems" in services) throw new Error(services.problems.join());
    mesh = await startSidecarMesh({
      agents: [
        { name: "other" },
        { name: "plain" },
        { name: "planner", calls: ["plain", "station"] },
        { name: "station", services },
      ],
    });
  });
  after(async () => {
    await mesh.stop();
    expect(mesh.refused).to.deep.equal([]);
  });

  const call = async (agent: string, path = measure.path): Promise<JsonObject | AgentError> => {
    const place = { calls: mesh.sidecar("planner").calls, egressPort: 1 };
    const way = sidecarCalls(place, systemClock);
    const { signal } = new AbortController();
    const onward = [["authorization", `Bearer ${mesh.token({ subject: "first" })}`]] as const;
    const traceId = "1".repeat(32);
    const caller = { door: "stream", requestId: "tree-1", traceId, onward, signal } as const;
    const method = { ...measure, path };
    const deadline = Date.now() + 20_000;
    try {
      return await way.invokeOwn({
        agent,
        caller,
        signal,
        deadline,
        method,
        request: { say: "hello" },
      });
    } catch (thrown) {
      if (thrown instanceof AgentError) return thrown;
      throw thrown;
    } finally {
      way.close();
    }
  };

  it("answer, and are told who calls and for whom", async () => {
    expect(await call("station")).to.deep.equal({ said: "hello" });
    const seen = mesh.sidecar("station").instance.seen.at(-1);
    expect(seen?.get("smartcall-caller")).to.deep.equal(["spiffe://trees/agent/planner"]);
    expect(seen?.get("smartcall-via")).to.deep.equal(["planner"]);
    expect(seen?.get("smartcall-subject")).to.deep.equal(["first"]);
    expect(seen?.get("x-request-id")).to.deep.equal(["tree-1"]);
  });

  it("are not there where the agent has none, or not this one", async () => {
    for (const answer of [
      await call("plain"),
      await call("station", `/${service}/Nothing`),
      await call("station", "/acme.Nothing/Measure"),
    ]) {
      expect(answer).to.include({ code: "UNIMPLEMENTED" });
    }
    expect(mesh.sidecar("plain").instance.seen).to.have.length(0);
  });

  it("are refused with the line of mesh.yaml where `calls` does not name the agent", async () => {
    for (const answer of [await call("other"), await call("other", "/acme.Nothing/Measure")]) {
      expect(answer).to.include({ code: "PERMISSION_DENIED" });
      expect(answer).to.have.nested.property("details.reason", "AGENT_NOT_CALLABLE");
      expect(String(answer)).to.include("planner: { calls: [other] }");
    }
    expect(mesh.sidecar("other").instance.seen).to.have.length(0);
  });

  it("go with the agent's services and come back with them, of a hidden agent too", async () => {
    const agents = (services?: Parameters<typeof mesh.change>[0]["agents"][number]["services"]) => [
      { name: "other" },
      { name: "plain" },
      { name: "planner", calls: ["plain", "station"] },
      // No gateway is told of what this one serves.
      { name: "station", hidden: true, ...(services && { services }) },
    ];
    const services = readOwnServices(descriptors, "station");
    if ("problems" in services) throw new Error(services.problems.join());
    await mesh.change({ agents: agents() });
    expect(await call("station")).to.include({ code: "UNIMPLEMENTED" });
    await mesh.change({ agents: agents(services) });
    expect(await call("station")).to.deep.equal({ said: "hello" });
  });
});
