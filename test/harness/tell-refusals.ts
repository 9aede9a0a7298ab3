// Tells the refusals of one list through every door of a server: whole meshes and bare edges alike.
import { callFailure } from "@smartcall/agent-kit";
import { agentPb } from "@smartcall/protos";
import { expect } from "chai";
import { detailOf } from "./error-details.ts";
import { expectRefusal, messageOf } from "./expect-refusal.ts";
import { type GrpcReply, invokeGrpc } from "./grpc.ts";
import { listAt, textAt } from "./json.ts";
import type { Mesh } from "./mesh.ts";
import {
  type RefusalCase,
  refusalCases,
  restCases,
  type TokenKind,
  type Where,
} from "./refusal-cases.ts";
import { grpcNumbers, type Told } from "./refusals.ts";
import { callRest, type RestReply } from "./rest.ts";

/** What refuses. */
export interface Refusing {
  readonly server: Pick<Mesh, "url" | "port" | "ca">;
  /** A token of each kind. */
  token(kind: Exclude<TokenKind, "none">): string | Promise<string>;
}

/**
 * Declares a test for each case and door.
 *
 * @param refusing asked once the tests run
 * @param can which cases the server can be asked, besides those of every one
 */
export function tellRefusals(refusing: () => Refusing, can: Where): void {
  const cases = refusalCases.filter(({ where = "everywhere" }) =>
    ["everywhere", can].includes(where),
  );
  for (const method of ["invoke", "stream"] as const) {
    describe(`by REST, of ${method}`, () => {
      for (const refused of cases) {
        const { agent, headers = {}, told } = refused;
        if (agent === undefined) continue;
        it(refused.name, async () => {
          const began = performance.now();
          const reply = await callRest(refusing().server, {
            path: `/v1/agents/${agent}:${method}`,
            ...(await authorization(refusing(), refused)),
            body: { messages: messagesOf(refused) },
            headers,
          });
          expect(performance.now() - began).to.be.lessThan(8_000);
          expectTold(reply, told, refused.rule);
          expectHints(reply, refused);
        });
      }
    });
  }

  describe("by gRPC", () => {
    for (const refused of cases) {
      const { agent, headers: metadata = {} } = refused;
      it(refused.name, async () => {
        const reply = await invokeGrpc(refusing().server, {
          ...(agent === undefined ? {} : { agent }),
          ...(await authorization(refusing(), refused)),
          request: requestOf(messagesOf(refused)),
          metadata,
        });
        expectStatus(reply, refused);
      });
    }
  });

  describe("of what only REST can get wrong", () => {
    for (const { name, allow, field, told, rule, ...request } of restCases) {
      it(name, async () => {
        const token = await refusing().token("good");
        const reply = await callRest(refusing().server, { token, ...request });
        expectTold(reply, told, rule);
        expect(reply.headers.allow).to.equal(allow);
        if (field !== undefined) expect(messageOf(reply)).to.contain(field);
      });
    }
  });
}

interface Said {
  readonly role: string;
  readonly content: string;
}

/** A request with these messages. */
export function requestOf(messages: readonly Said[]): agentPb.InvokeRequest {
  const request = new agentPb.InvokeRequest();
  for (const { content, role } of messages) {
    const message = new agentPb.Message();
    message.setRole(role);
    message.setContent(content);
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

function messagesOf({ roles = ["user"], text = "Hello" }: RefusalCase): readonly Said[] {
  return roles.map((role) => ({ role, content: text }));
}

function expectTold(reply: RestReply, told: Told, rule: string | undefined): void {
  expectRefusal(reply, told.http, told.code, told.reason);
  const fact = (name: string): string => textAt(detailOf(reply, "ErrorInfo"), "metadata", name);
  expect([fact("fault"), fact("retry")], reply.text).to.deep.equal([told.fault, told.retry]);
  expect(fact("rule"), reply.text).to.equal(rule ?? "");
  expect(reply.headers["smartcall-rule"]).to.equal(rule);
}

/** What helps the caller to do better. */
function expectHints(reply: RestReply, { told, agent = "", field, seconds }: RefusalCase): void {
  if (told.http === 401) expect(reply.headers["www-authenticate"]).to.contain("Bearer");
  if (told.reason === "SCOPE_MISSING") expect(messageOf(reply)).to.contain("agents:invoke");
  if (told.reason === "AGENT_UNAVAILABLE") expect(messageOf(reply)).to.contain(agent);
  const after = reply.headers["retry-after"];
  const delay = textAt(detailOf(reply, "RetryInfo"), "retryDelay");
  if (seconds === undefined) {
    expect([after, delay]).to.deep.equal([undefined, ""]);
  } else {
    expect(Number(after)).to.be.greaterThan(0);
    expect(Math.ceil(Number.parseFloat(delay))).to.equal(Number(after));
    if (seconds !== "some") expect(Number(after)).to.equal(seconds);
  }
  if (field === undefined) return;
  const violations = listAt(detailOf(reply, "BadRequest"), "fieldViolations");
  const fields = violations.map((violation) => textAt(violation, "field"));
  expect(fields, reply.text).to.deep.equal([field]);
}

/** As a caller reads it who has the kit. */
function expectStatus(reply: GrpcReply, refused: RefusalCase): void {
  if (reply.ok) throw new Error("it was answered");
  const { told, field, ownDetails = false, rule, seconds } = refused;
  const { code, details: message, metadata } = reply.error;
  expect(code, message).to.equal(grpcNumbers[told.code]);
  // The kit's own begin with the field that they are about.
  if (field === undefined) expect(message).to.match(/^[A-Z][^{}]*\.$/);
  const { details } = callFailure(reply.error);
  expect(details.metadata?.["requestId"]).to.match(/^[0-9a-f-]{36}$/);
  expect(metadata.get("x-request-id")).to.deep.equal([details.metadata?.["requestId"]]);
  expect(details.metadata?.["rule"]).to.equal(rule);
  expect(details.violations?.map(({ path }) => path)).to.deep.equal(field && [field]);
  if (seconds === undefined) expect(details.retryAfterMs).to.equal(undefined);
  else expect(details.retryAfterMs).to.be.greaterThan(0);
  if (ownDetails) return;
  expect([details.reason, details.fault, details.retry]).to.deep.equal([
    told.reason,
    told.fault,
    told.retry === "yes",
  ]);
  if (typeof seconds === "number") expect(details.retryAfterMs).to.equal(seconds * 1_000);
}
