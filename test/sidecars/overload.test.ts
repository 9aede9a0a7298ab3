// What callers are told of an agent whose sidecar lets no more calls in.
import { status } from "@grpc/grpc-js";
import { callFailure } from "@smartcall/agent-kit";
import { expect } from "chai";
import { eventually } from "../harness/eventually.ts";
import { expectRefusal } from "../harness/expect-refusal.ts";
import { invokeGrpc, saying } from "../harness/grpc.ts";
import { asking, callRest } from "../harness/rest.ts";
import { streamAs } from "./callers.ts";
import { type SidecarMesh, startSidecarMesh } from "./mesh.ts";

describe("an agent whose sidecar is full", function () {
  this.timeout(120_000);
  let mesh: SidecarMesh;
  before(async () => {
    mesh = await startSidecarMesh({
      agents: [
        { name: "planner", calls: ["writer"] },
        { name: "writer", concurrency: { running: 2 } },
      ],
    });
  });
  after(async () => {
    await mesh.stop();
    expect(mesh.refused).to.deep.equal([]);
  });

  it("is told of at the edge by REST and by gRPC, with when to come again, and answers then", async () => {
    const token = mesh.token();
    const long = saying(Array.from({ length: 80 }, () => "word").join(" "));
    const { seen } = mesh.sidecar("writer").instance;
    const before = seen.length;
    // From inside, so that the gateway itself knows of no call that runs.
    const running = [1, 2].map(() =>
      streamAs(mesh, "planner", { agent: "writer", token, request: long }),
    );
    // Else the calls below might take the place of one of them.
    await eventually(() => expect(seen).to.have.length(before + 2));
    const rest = () =>
      callRest(mesh, { path: "/v1/agents/writer:invoke", token, body: asking("one more") });
    const over = await rest();
    expectRefusal(over, 503, "UNAVAILABLE", "AGENT_OVERLOADED");
    expect(over.headers["retry-after"]).to.equal("1");
    const inner = ["smartcall-status", "smartcall-reason", "x-envoy-overloaded"];
    expect(over.headers).to.not.have.any.keys(inner);
    const reply = await invokeGrpc(mesh, { agent: "writer", token, request: saying("one more") });
    if (reply.ok) throw new Error("it was taken");
    expect(reply.error.code).to.equal(status.UNAVAILABLE);
    const { details } = callFailure(reply.error);
    expect([details.reason, details.retryAfterMs]).to.deep.equal(["AGENT_OVERLOADED", 1_000]);
    for (const key of inner) expect(reply.error.metadata.get(key), key).to.deep.equal([]);
    for (const { status: end } of await Promise.all(running)) {
      expect(end.code).to.equal(status.OK);
    }
    expect((await rest()).status).to.equal(200);
  });
});
