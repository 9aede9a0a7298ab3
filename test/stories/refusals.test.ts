// Refusals: the same cases through REST, server-sent events and gRPC, in one envelope.
import { expect } from "chai";
import { invokeGrpc } from "../harness/grpc.ts";
import type { Mesh } from "../harness/mesh.ts";
import { grpcNumbers } from "../harness/refusals.ts";
import { sharedMesh } from "../harness/shared-mesh.ts";
import { requestOf, tellRefusals } from "../harness/tell-refusals.ts";

describe("a refusal", function () {
  this.timeout(60_000);
  let mesh: Mesh;
  before(async () => {
    mesh = await sharedMesh();
  });

  tellRefusals(
    () => ({
      server: mesh,
      token: (kind) => {
        if (kind !== "scopeless" && kind !== "good") return forged;
        return mesh.token(kind === "scopeless" ? { scope: "other:thing" } : {});
      },
    }),
    "kit",
  );

  it("by gRPC, of a request that names another agent than the call was routed by", async () => {
    const token = await mesh.token();
    const request = requestOf([{ role: "user", content: "Hello" }]);
    request.setAgent("assistant");
    const reply = await invokeGrpc(mesh, { agent: "echo", token, request });
    expect(!reply.ok && reply.error.code).to.equal(grpcNumbers.INVALID_ARGUMENT);
  });
});

const forged =
  "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJzbWFydGNhbGw6dGVzdCIsImF1ZCI6InNtYXJ0Y2FsbCJ9.AAAA";
