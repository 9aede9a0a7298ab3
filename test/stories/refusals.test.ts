// Refusals: the same cases through REST, server-sent events and gRPC, in one envelope.
import { agentPb, errorDetailsPb, statusPb } from "@smartcall/protos";
import { expect } from "chai";
import { invokeGrpc } from "../harness/grpc.ts";
import { listAt, numberAt, textAt } from "../harness/json.ts";
import type { Mesh } from "../harness/mesh.ts";
import { asking, callRest, type RestReply } from "../harness/rest.ts";
import { sharedMesh } from "../harness/shared-mesh.ts";
import { grpcNumbers, type RefusalCase, refusalCases } from "./refusal-cases.ts";

describe("a refusal", function () {
  this.timeout(60_000);
  let mesh: Mesh;
  before(async () => {
    mesh = await sharedMesh();
  });

  for (const method of ["invoke", "stream"] as const) {
    describe(`by REST, of ${method}`, () => {
      for (const refused of refusalCases) {
        it(refused.name, async () => {
          const reply = await callRest(mesh, {
            path: `/v1/agents/${refused.agent}:${method}`,
            ...(await authorization(mesh, refused)),
            body: { messages: rolesOf(refused).map((role) => ({ role, content: "Hello" })) },
          });
          expectEnvelope(reply, refused);
        });
      }
    });
  }

  describe("by gRPC", () => {
    for (const refused of refusalCases) {
      it(refused.name, async () => {
        const reply = await invokeGrpc(mesh, {
          ...(refused.agent === undefined ? {} : { agent: refused.agent }),
          ...(await authorization(mesh, refused)),
          request: requestOf(rolesOf(refused)),
        });
        if (reply.ok) throw new Error("it was answered");
        expect(reply.error.code).to.equal(grpcNumbers[refused.code]);
        const [details] = reply.error.metadata.get("grpc-status-details-bin");
        if (!Buffer.isBuffer(details)) throw new Error("it has no details");
        const { reason, fields } = readDetails(details);
        expect(reason).to.equal(refused.reason);
        if (refused.field !== undefined) expect(fields).to.deep.equal([refused.field]);
      });
    }

    it("a call that names no agent", async () => {
      const token = await mesh.token();
      const reply = await invokeGrpc(mesh, { token, request: requestOf(["user"]) });
      expect(!reply.ok && reply.error.code).to.equal(grpcNumbers.INVALID_ARGUMENT);
    });

    it("a request that names another agent than the call was routed by", async () => {
      const token = await mesh.token();
      const request = requestOf(["user"]);
      request.setAgent("assistant");
      const reply = await invokeGrpc(mesh, { agent: "echo", token, request });
      expect(!reply.ok && reply.error.code).to.equal(grpcNumbers.INVALID_ARGUMENT);
    });
  });

  describe("of what only REST can get wrong", () => {
    it("another method than POST: 405, with the method that is allowed", async () => {
      const token = await mesh.token();
      const reply = await callRest(mesh, { method: "GET", path: "/v1/agents/echo:invoke", token });
      expect(reply.status).to.equal(405);
      expect(reply.headers.allow).to.equal("POST");
      expectReason(reply, "METHOD_NOT_ALLOWED");
    });

    it("a path that nothing is at: 404", async () => {
      const reply = await callRest(mesh, { path: "/v2/agents", token: await mesh.token() });
      expect(reply.status).to.equal(404);
      expectReason(reply, "UNKNOWN_PATH");
    });

    it("a body that is no JSON: 400", async () => {
      const reply = await callRest(mesh, {
        path: "/v1/agents/echo:invoke",
        token: await mesh.token(),
        body: '{"messages": [',
      });
      expect(reply.status).to.equal(400);
      expect(textAt(reply.json, "error", "status")).to.equal("INVALID_ARGUMENT");
      expectReason(reply, "INVALID_REQUEST");
    });

    it("a value of the wrong type: 400 that names its field", async () => {
      const reply = await callRest(mesh, {
        path: "/v1/agents/echo:invoke",
        token: await mesh.token(),
        body: asking("Hello", { maxTokens: "many" }),
      });
      expect(reply.status).to.equal(400);
      expect(textAt(reply.json, "error", "message")).to.contain("maxTokens");
    });

    it("a body that names another agent than the path", async () => {
      const reply = await callRest(mesh, {
        path: "/v1/agents/echo:invoke",
        token: await mesh.token(),
        body: asking("Hello", { agent: "assistant" }),
      });
      expect(reply.status).to.equal(400);
      expect(textAt(reply.json, "error", "status")).to.equal("INVALID_ARGUMENT");
    });
  });
});

const forged =
  "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJzbWFydGNhbGw6dGVzdCIsImF1ZCI6InNtYXJ0Y2FsbCJ9.AAAA";

async function authorization(
  mesh: Mesh,
  { token }: RefusalCase,
): Promise<{ readonly token?: string }> {
  if (token === "none") return {};
  if (token === "forged") return { token: forged };
  return { token: await mesh.token(token === "scopeless" ? { scope: "other:thing" } : {}) };
}

function rolesOf({ roles = ["user"] }: RefusalCase): readonly string[] {
  return roles;
}

function requestOf(roles: readonly string[]): agentPb.InvokeRequest {
  const request = new agentPb.InvokeRequest();
  for (const role of roles) {
    const message = new agentPb.Message();
    message.setRole(role);
    message.setContent("Hello");
    request.addMessages(message);
  }
  return request;
}

function expectEnvelope(reply: RestReply, refused: RefusalCase): void {
  expect(reply.status, reply.text).to.equal(refused.http);
  expect(reply.headers["content-type"]).to.match(/^application\/json/);
  expect(numberAt(reply.json, "error", "code")).to.equal(refused.http);
  expect(textAt(reply.json, "error", "status")).to.equal(refused.code);
  expect(textAt(reply.json, "error", "message")).to.not.equal("");
  expectReason(reply, refused.reason);
  if (refused.field === undefined) return;
  const fields = listAt(reply.json, "error", "details").flatMap((detail) =>
    listAt(detail, "fieldViolations").map((violation) => textAt(violation, "field")),
  );
  expect(fields, reply.text).to.deep.equal([refused.field]);
}

function expectReason(reply: RestReply, reason: string): void {
  const info = listAt(reply.json, "error", "details").find(
    (detail) => textAt(detail, "@type") === "type.googleapis.com/google.rpc.ErrorInfo",
  );
  expect(textAt(info, "reason"), reply.text).to.equal(reason);
  expect(textAt(info, "domain")).to.equal("smartcall");
  const requestId = textAt(info, "metadata", "requestId");
  expect(requestId).to.match(/^[0-9a-f-]{36}$/);
  expect(reply.headers["x-request-id"]).to.equal(requestId);
}

function readDetails(bytes: Uint8Array): {
  readonly reason: string;
  readonly fields: readonly string[];
} {
  let reason = "";
  const fields: string[] = [];
  for (const any of statusPb.Status.deserializeBinary(bytes).getDetailsList()) {
    const info = any.unpack(errorDetailsPb.ErrorInfo.deserializeBinary, "google.rpc.ErrorInfo");
    if (info !== null) reason = info.getReason();
    const bad = any.unpack(errorDetailsPb.BadRequest.deserializeBinary, "google.rpc.BadRequest");
    for (const violation of bad?.getFieldViolationsList() ?? []) fields.push(violation.getField());
  }
  return { reason, fields };
}
