// What goes on around calls between agents does not cut them.
import { status } from "@grpc/grpc-js";
import type { AgentServiceClient } from "@smartcall/protos";
import { expect } from "chai";
import { statBy } from "../harness/envoy-stats.ts";
import { eventually, pause } from "../harness/eventually.ts";
import { invokeGrpc, metadataOf, saying } from "../harness/grpc.ts";
import { reasonOf } from "../harness/grpc-reason.ts";
import { invokeAs, ownClient, streamAs, taken } from "./callers.ts";
import { type Described, type SidecarMesh, startSidecarMesh } from "./mesh.ts";

const words = (count: number) => saying(Array.from({ length: count }, () => "word").join(" "));

describe("a mesh of sidecars", function () {
  this.timeout(120_000);
  let mesh: SidecarMesh;
  const described = (calls: readonly string[], running?: number): Described => ({
    agents: [
      { name: "other" },
      { name: "planner", calls },
      { name: "writer", ...(running !== undefined && { concurrency: { running } }) },
    ],
  });
  const changes = (agent: string): Promise<number> =>
    statBy(mesh.sidecar(agent).admin, "listener_manager.listener_modified");

  // Certificates are renewed every other second.
  before(async () => {
    mesh = await startSidecarMesh(described(["writer"]), { lifetimeMs: 4_000 });
  });
  after(async () => {
    await mesh.stop();
    expect(mesh.refused).to.deep.equal([]);
  });

  it("keeps its streams while `calls` is edited: who may call changes, and no listener does", async () => {
    const token = mesh.token();
    const inside = streamAs(mesh, "planner", { agent: "writer", token, request: words(60) });
    const other = () => invokeAs(mesh, "planner", { agent: "other", token, request: saying("hi") });
    for (const calls of [["other", "writer"], ["writer"], ["other", "writer"], ["other"]]) {
      await mesh.change(described(calls));
      await eventually(async () => {
        const reply = await other();
        expect(reply.ok ? undefined : reasonOf(reply.error)).to.equal(
          calls.includes("other") ? undefined : "AGENT_NOT_CALLABLE",
        );
      });
      await pause(200);
    }
    const { events, status: end } = await inside;
    expect(end.code).to.equal(status.OK);
    expect(events).to.have.length(60);
    expect(await Promise.all(["planner", "writer", "other"].map(changes))).to.deep.equal([0, 0, 0]);
    await mesh.change(described(["writer"]));
  });

  it("fails no call while every certificate is renewed every other second, under load", async () => {
    const token = mesh.token();
    const issued = mesh.issued();
    const failures: string[] = [];
    let done = 0;
    const client = ownClient(mesh, "planner");
    const load = async (): Promise<void> => {
      const end = performance.now() + 6_000;
      while (performance.now() < end) {
        await Promise.all([
          ...Array.from({ length: 8 }, () => invoke(client, token)),
          ...Array.from({ length: 2 }, () => edge(token)),
        ]).then((replies) => {
          for (const failure of replies) {
            if (failure === undefined) done += 1;
            else failures.push(failure);
          }
        });
        await pause(5);
      }
    };
    const streams = Array.from({ length: 10 }, () =>
      streamAs(mesh, "planner", { agent: "writer", token, request: words(100) }),
    );
    await load();
    client.close();
    const ended = await Promise.all(streams);
    expect(failures).to.deep.equal([]);
    expect(ended.map(({ events, status: { code } }) => [code, events.length])).to.deep.equal(
      ended.map(() => [status.OK, 100]),
    );
    expect(done).to.be.greaterThan(100);
    // Four owners, every other second.
    expect(mesh.issued() - issued).to.be.greaterThan(6);
    console.log(`      ${Math.round(done / 6)} calls/s, ${mesh.issued() - issued} certificates`);
  });

  it("refuses what is over an agent's `concurrency` at once, and says when to come again", async () => {
    await mesh.change(described(["writer"], 2));
    const token = mesh.token();
    const running = [1, 2].map(() =>
      streamAs(mesh, "planner", { agent: "writer", token, request: words(40) }),
    );
    const over = await eventually(async () => {
      const reply = await invokeAs(mesh, "planner", {
        agent: "writer",
        token,
        request: saying("3"),
      });
      if (reply.ok) throw new Error("it was taken");
      return reply.error;
    });
    expect(over.code).to.equal(status.UNAVAILABLE);
    expect(reasonOf(over)).to.equal("AGENT_OVERLOADED");
    expect(over.metadata.get("retry-after")).to.deep.equal(["1"]);
    for (const { status: end } of await Promise.all(running)) expect(end.code).to.equal(status.OK);
    taken(await invokeAs(mesh, "planner", { agent: "writer", token, request: saying("3") }));
  });

  async function edge(token: string): Promise<string | undefined> {
    const reply = await invokeGrpc(mesh, { agent: "writer", token, request: saying("hello") });
    return reply.ok ? undefined : `edge: ${reply.error.message}`;
  }
});

function invoke(client: AgentServiceClient, token: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    client.invoke(saying("hello"), metadataOf({ agent: "writer", token }), {}, (error) =>
      resolve(error === null ? undefined : `inside: ${error.message}`),
    );
  });
}
