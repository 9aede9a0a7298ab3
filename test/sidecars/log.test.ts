// docs/sidecars.md: what an agent's log has of calls between agents: those that failed, and where.
import { expect } from "chai";
import { blocksOf } from "../checks/pages.ts";
import { readSource } from "../checks/repository.ts";
import { eventually, pause } from "../harness/eventually.ts";
import { metadataOf, saying } from "../harness/grpc.ts";
import { textAt } from "../harness/json.ts";
import { invokeAs, ownClient, taken } from "./callers.ts";
import { type SidecarMesh, startSidecarMesh } from "./mesh.ts";

describe("the log of calls between agents", function () {
  this.timeout(120_000);
  let mesh: SidecarMesh;
  const request = saying("hello");
  const traceparent = `00-${"1".repeat(32)}-${"2".repeat(16)}-01`;
  const metadata = (id: string) => ({ "x-request-id": id, traceparent });

  before(async () => {
    mesh = await startSidecarMesh({
      agents: [
        { name: "planner", calls: ["writer"] },
        { name: "stranger", calls: [] },
        { name: "writer", concurrency: { running: 1 } },
      ],
    });
  });
  after(async () => {
    await mesh.stop();
    expect(mesh.refused).to.deep.equal([]);
  });

  /** The lines of a sidecar's output that are about this request. */
  const lines = (agent: string, id: string): readonly unknown[] =>
    mesh
      .sidecar(agent)
      .output()
      .split("\n")
      .filter((line) => line.includes(`"requestId":"${id}"`))
      .map((line): unknown => JSON.parse(line));
  const line = (agent: string, id: string): Promise<unknown> =>
    eventually(() => {
      const [first, ...more] = lines(agent, id);
      if (first === undefined || more.length > 0) throw new Error(mesh.sidecar(agent).output());
      return first;
    });

  it("has a line of a call that `calls` does not name, at the agent that made it", async () => {
    const call = { agent: "stranger", token: mesh.token(), metadata: metadata("no-1"), request };
    expect((await invokeAs(mesh, "planner", call)).ok).to.equal(false);
    const told = await line("planner", "no-1");
    const [shown = ""] = blocksOf(readSource("docs/sidecars.md"))
      .filter(({ language }) => language === "json")
      .map(({ text }) => text);
    expect(told).to.include.keys(Object.keys(Object(JSON.parse(shown))));
    expect(told).to.include({
      level: "warn",
      name: "planner sidecar",
      msg: "call failed",
      requestId: "no-1",
      traceparent,
      from: "planner",
      to: "stranger",
      reason: "AGENT_NOT_CALLABLE",
    });
  });

  it("has a line of a token that is not taken", async () => {
    const token = mesh.token({ agoMs: 600_000 });
    const call = { agent: "writer", token, metadata: metadata("no-2"), request };
    expect((await invokeAs(mesh, "planner", call)).ok).to.equal(false);
    const told = await line("planner", "no-2");
    expect(textAt(told, "reason")).to.equal("TOKEN_NOT_ACCEPTED");
    expect(JSON.stringify(told)).to.not.include(token);
  });

  it("has a line of a full instance at both ends, and none of a call that is answered or left", async () => {
    const client = ownClient(mesh, "planner");
    const token = mesh.token();
    const long = saying(Array.from({ length: 40 }, () => "word").join(" "));
    const running = client.stream(
      long,
      metadataOf({ agent: "writer", token, metadata: metadata("left") }),
    );
    running.on("error", () => undefined);
    await new Promise((resolve) => running.once("data", resolve));
    const call = { agent: "writer", token, metadata: metadata("full"), request };
    expect((await invokeAs(mesh, "planner", call)).ok).to.equal(false);
    expect(await line("planner", "full")).to.include({ to: "writer", reason: "AGENT_OVERLOADED" });
    expect(await line("writer", "full")).to.include({
      from: "spiffe://trees/agent/planner",
      to: "writer",
      reason: "AGENT_OVERLOADED",
    });
    running.cancel();
    await eventually(async () =>
      taken(await invokeAs(mesh, "planner", { ...call, metadata: metadata("fine") })),
    );
    taken(await invokeAs(mesh, "planner", { ...call, metadata: metadata("answered") }));
    client.close();
    // Envoy writes its lines once a second at the latest.
    await pause(1_500);
    for (const agent of ["planner", "writer"]) {
      expect([...lines(agent, "left"), ...lines(agent, "answered")], agent).to.deep.equal([]);
    }
  });
});
