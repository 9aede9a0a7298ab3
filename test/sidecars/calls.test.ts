// What gets through sidecars, and what does not.
import { status } from "@grpc/grpc-js";
import { expect } from "chai";
import { makeClient, makeIdentity } from "../harness/certificates.ts";
import { type GrpcReply, invokeGrpc, saying } from "../harness/grpc.ts";
import { reasonOf } from "../harness/grpc-reason.ts";
import { certificateOf, invokeAs, invokeAt, taken } from "./callers.ts";
import { type SidecarMesh, startSidecarMesh } from "./mesh.ts";

describe("calls between agents, by their sidecars", function () {
  this.timeout(120_000);
  let mesh: SidecarMesh;
  const request = saying("hello");
  const seenBy = (agent: string) => mesh.sidecar(agent).instance.seen;
  const lastSeen = (agent: string, key: string) => seenBy(agent).at(-1)?.get(key);
  const claimsSeen = (agent: string): unknown =>
    JSON.parse(Buffer.from(String(lastSeen(agent, "smartcall-claims")), "base64url").toString());

  before(async () => {
    mesh = await startSidecarMesh({
      agents: [
        { name: "helper", hidden: true },
        { name: "other" },
        { name: "planner", calls: ["helper", "writer"] },
        { name: "writer" },
      ],
    });
  });
  after(async () => {
    await mesh.stop();
    expect(mesh.refused).to.deep.equal([]);
  });

  it("reach an agent from the gateway, which proves that it is one", async () => {
    const reply = await invokeGrpc(mesh, { agent: "planner", token: mesh.token(), request });
    taken(reply);
    expect(lastSeen("planner", "smartcall-caller")).to.deep.equal(["spiffe://trees/gateway"]);
    expect(lastSeen("planner", "smartcall-agent")).to.deep.equal(["planner"]);
    expect(claimsSeen("planner")).to.include({ sub: "me" });
  });

  it("reach an agent that the caller's `calls` names, with the first caller's claims", async () => {
    const token = mesh.token({ subject: "first" });
    const metadata = {
      "x-request-id": "tree-1",
      traceparent: `00-${"1".repeat(32)}-${"2".repeat(16)}-01`,
    };
    const reply = await invokeAs(mesh, "planner", { agent: "writer", token, metadata, request });
    taken(reply);
    expect(lastSeen("writer", "smartcall-caller")).to.deep.equal(["spiffe://trees/agent/planner"]);
    expect(lastSeen("writer", "smartcall-via")).to.deep.equal(["planner"]);
    expect(lastSeen("writer", "smartcall-subject")).to.deep.equal(["first"]);
    expect(claimsSeen("writer")).to.include({ sub: "first" });
    for (const [key, value] of Object.entries(metadata)) {
      expect(lastSeen("writer", key), key).to.deep.equal([value]);
    }
  });

  it("reach a hidden agent from the agents that name it, and not from outside", async () => {
    const token = mesh.token();
    const inside = await invokeAs(mesh, "planner", { agent: "helper", token, request });
    taken(inside);
    const outside = await invokeGrpc(mesh, { agent: "helper", token, request });
    expect(outside.ok ? undefined : reasonOf(outside.error)).to.equal("UNKNOWN_AGENT");
  });

  it("are told the line of mesh.yaml where `calls` does not name the agent", async () => {
    const reply = await invokeAs(mesh, "planner", { agent: "other", token: mesh.token(), request });
    if (reply.ok) throw new Error("it was called");
    expect(reply.error.code).to.equal(status.PERMISSION_DENIED);
    expect(reply.error.details).to.include("planner: { calls: [other] }");
    expect(reasonOf(reply.error)).to.equal("AGENT_NOT_CALLABLE");
    expect(seenBy("other")).to.have.length(0);
  });

  it("do not get to an agent without a certificate that it takes", async () => {
    const stranger = await makeIdentity("stranger", []);
    const forged = await makeClient(["spiffe://trees/agent/planner"], stranger);
    const before = ["helper", "writer"].map((agent) => seenBy(agent).length);
    const shown = {
      none: undefined,
      "one of another authority": { certificate: forged.cert, privateKey: forged.key },
      "one of an agent that does not name it": await certificateOf(mesh, "agent/other"),
      "one of another mesh": await certificateOf(mesh, "../other/gateway"),
    };
    for (const [what, certificate] of Object.entries(shown)) {
      const reply = await invokeAt(mesh, "writer", certificate, { token: mesh.token(), request });
      expect(reply.ok, what).to.equal(false);
    }
    const gateway = await certificateOf(mesh, "gateway");
    const hidden = await invokeAt(mesh, "helper", gateway, { token: mesh.token(), request });
    if (hidden.ok) throw new Error("a gateway came to a hidden agent");
    expect(reasonOf(hidden.error)).to.equal("AGENT_NOT_CALLABLE");
    expect(["helper", "writer"].map((agent) => seenBy(agent).length)).to.deep.equal(before);
    // What is refused above is refused for its certificate alone.
    const planner = await certificateOf(mesh, "agent/planner");
    taken(await invokeAt(mesh, "writer", planner, { token: mesh.token(), request }));
  });

  it("carry no claims but those of the token, whatever an agent says", async () => {
    const forged = Buffer.from(JSON.stringify({ sub: "admin" })).toString("base64url");
    const metadata = {
      "smartcall-claims": forged,
      "smartcall-subject": "admin",
      "smartcall-caller": "spiffe://trees/gateway",
      "smartcall-grant": "1000000",
      smartcall_claims: forged,
    };
    const call = { agent: "writer", metadata, request };
    taken(await invokeAs(mesh, "planner", { ...call, token: mesh.token({ subject: "first" }) }));
    expect(claimsSeen("writer")).to.include({ sub: "first" });
    expect(lastSeen("writer", "smartcall-subject")).to.deep.equal(["first"]);
    expect(lastSeen("writer", "smartcall-caller")).to.deep.equal(["spiffe://trees/agent/planner"]);
    // Also where no token goes along, and where the sidecar that called would be no real one.
    taken(await invokeAs(mesh, "planner", call));
    expect(lastSeen("writer", "smartcall-claims")).to.deep.equal([]);
    const planner = await certificateOf(mesh, "agent/planner");
    taken(await invokeAt(mesh, "writer", planner, call));
    for (const name of ["smartcall-claims", "smartcall-subject", "smartcall_claims"]) {
      expect(lastSeen("writer", name), name).to.deep.equal([]);
    }
    expect(lastSeen("writer", "smartcall-caller")).to.deep.equal(["spiffe://trees/agent/planner"]);
  });

  it("are refused with a token that is forged or has expired, at both ends", async () => {
    const good = mesh.token();
    const [head, , signature] = good.split(".");
    const claims = Buffer.from(JSON.stringify({ sub: "admin", iss: "smartcall:trees", exp: 9e9 }));
    const forged = `${head}.${claims.toString("base64url")}.${signature}`;
    const expired = mesh.token({ agoMs: 120_000 });
    const before = seenBy("writer").length;
    const planner = await certificateOf(mesh, "agent/planner");
    for (const token of [forged, expired]) {
      for (const reply of [
        await invokeAs(mesh, "planner", { agent: "writer", token, request }),
        await invokeAt(mesh, "writer", planner, { token, request }),
      ]) {
        if (reply.ok) throw new Error("it was taken");
        expect(reply.error.code).to.equal(status.UNAUTHENTICATED);
        expect(reasonOf(reply.error)).to.equal("TOKEN_NOT_ACCEPTED");
      }
    }
    expect(seenBy("writer")).to.have.length(before);
  });

  it("end where more than eight agents call one another", async () => {
    const above = (count: number) => Array.from({ length: count }, (_, at) => `a${at}`).join(",");
    const call = (count: number): Promise<GrpcReply> =>
      invokeAs(mesh, "planner", {
        agent: "writer",
        token: mesh.token(),
        metadata: { "smartcall-via": above(count) },
        request,
      });
    taken(await call(7));
    expect(lastSeen("writer", "smartcall-via")).to.deep.equal([`${above(7)},planner`]);
    const refused = await call(8);
    if (refused.ok) throw new Error("it was taken");
    expect(reasonOf(refused.error)).to.equal("CALL_TOO_DEEP");
  });
});
