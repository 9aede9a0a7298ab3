// Tells the refusals of one list through every door of a server: whole meshes and bare edges alike.
import { agentPb, errorDetailsPb, statusPb } from "@smartcall/protos";
import { expect } from "chai";
import { detailOf } from "./error-details.ts";
import { expectRefusal, messageOf } from "./expect-refusal.ts";
import { type GrpcReply, invokeGrpc } from "./grpc.ts";
import { listAt, textAt } from "./json.ts";
import type { Mesh } from "./mesh.ts";
import { grpcNumbers, type RefusalCase, refusalCases, restCases } from "./refusal-cases.ts";
import { callRest, type RestReply } from "./rest.ts";

/** What refuses. */
export interface Refusing {
  readonly server: Pick<Mesh, "url" | "port" | "ca">;
  /** A token of each kind. */
  token(kind: Exclude<RefusalCase["token"], "none">): string | Promise<string>;
}

/**
 * Declares a test for each case and door.
 *
 * @param refusing asked once the tests run
 * @param kit whether the kit is behind it, which checks what the edge lets pass
 */
export function tellRefusals(refusing: () => Refusing, { kit }: { readonly kit: boolean }): void {
  const cases = refusalCases.filter(({ roles }) => kit || roles === undefined);
  for (const method of ["invoke", "stream"] as const) {
    describe(`by REST, of ${method}`, () => {
      for (const refused of cases) {
        if (refused.agent === undefined) continue;
        it(refused.name, async () => {
          const began = performance.now();
          const reply = await callRest(refusing().server, {
            path: `/v1/agents/${refused.agent}:${method}`,
            ...(await authorization(refusing(), refused)),
            body: { messages: rolesOf(refused).map((role) => ({ role, content: "Hello" })) },
          });
          expect(performance.now() - began).to.be.lessThan(1_000);
          expectRefusal(reply, refused.http, refused.code, refused.reason);
          expectHints(reply, refused);
        });
      }
    });
  }

  describe("by gRPC", () => {
    for (const refused of cases) {
      it(refused.name, async () => {
        const reply = await invokeGrpc(refusing().server, {
          ...(refused.agent === undefined ? {} : { agent: refused.agent }),
          ...(await authorization(refusing(), refused)),
          request: requestOf(rolesOf(refused)),
        });
        expectStatus(reply, refused);
      });
    }
  });

  describe("of what only REST can get wrong", () => {
    for (const { name, allow, field, http, code, reason, ...request } of restCases) {
      it(name, async () => {
        const token = await refusing().token("good");
        const reply = await callRest(refusing().server, { token, ...request });
        expectRefusal(reply, http, code, reason);
        expect(reply.headers.allow).to.equal(allow);
        if (field !== undefined) expect(messageOf(reply)).to.contain(field);
      });
    }
  });
}

/** A request with one message for each role. */
export function requestOf(roles: readonly string[]): agentPb.InvokeRequest {
  const request = new agentPb.InvokeRequest();
  for (const role of roles) {
    const message = new agentPb.Message();
    message.setRole(role);
    message.setContent("Hello");
    request.addMessages(message);
  }
  return request;
}

async function authorization(
  refusing: Refusing,
  { token }: RefusalCase,
): Promise<{ readonly token?: string }> {
  return token === "none" ? {} : { token: await refusing.token(token) };
}

function rolesOf({ roles = ["user"] }: RefusalCase): readonly string[] {
  return roles;
}

/** What helps the caller to do better. */
function expectHints(reply: RestReply, { http, reason, agent = "", field }: RefusalCase): void {
  if (http === 401) expect(reply.headers["www-authenticate"]).to.contain("Bearer");
  if (reason === "SCOPE_MISSING") expect(messageOf(reply)).to.contain("agents:invoke");
  if (http === 503) {
    expect(messageOf(reply)).to.contain(agent);
    expect(reply.headers["retry-after"]).to.equal("1");
  }
  if (field === undefined) return;
  const violations = listAt(detailOf(reply, "BadRequest"), "fieldViolations");
  const fields = violations.map((violation) => textAt(violation, "field"));
  expect(fields, reply.text).to.deep.equal([field]);
}

function expectStatus(reply: GrpcReply, refused: RefusalCase): void {
  if (reply.ok) throw new Error("it was answered");
  const { code, details: message, metadata } = reply.error;
  expect(code, message).to.equal(grpcNumbers[refused.code]);
  expect(metadata.get("x-request-id")).to.have.length(1);
  // The kit's own begin with the field that they are about.
  if (refused.field === undefined) expect(message).to.match(/^[A-Z][^{}]*\.$/);
  const [details] = metadata.get("grpc-status-details-bin");
  if (!Buffer.isBuffer(details)) throw new Error("it has no details");
  const { reason, fields } = readDetails(details);
  expect(reason).to.equal(refused.reason);
  if (refused.field !== undefined) expect(fields).to.deep.equal([refused.field]);
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
