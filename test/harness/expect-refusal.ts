// What every refusal by REST is like: the one error envelope (AIP-193).
import { expect } from "chai";
import { detailOf } from "./error-details.ts";
import { numberAt, textAt } from "./json.ts";
import type { RestReply } from "./rest.ts";

/** Fails where the reply is no such refusal, in the envelope and with the call's id. */
export function expectRefusal(
  reply: RestReply,
  http: number,
  status: string,
  reason: string,
): void {
  expect(reply.status, reply.text).to.equal(http);
  expect(reply.headers["content-type"]).to.equal("application/json");
  expect(numberAt(reply.json, "error", "code")).to.equal(http);
  expect(textAt(reply.json, "error", "status")).to.equal(status);
  expect(messageOf(reply)).to.not.equal("");
  const info = detailOf(reply, "ErrorInfo");
  expect(textAt(info, "@type")).to.equal("type.googleapis.com/google.rpc.ErrorInfo");
  expect(textAt(info, "reason"), reply.text).to.equal(reason);
  expect(textAt(info, "domain")).to.equal("smartcall");
  const requestId = textAt(info, "metadata", "requestId");
  expect(requestId).to.match(/^[0-9a-f-]{36}$/);
  expect(requestId).to.equal(reply.headers["x-request-id"]);
}

/** The sentence for people. */
export function messageOf(reply: RestReply): string {
  return textAt(reply.json, "error", "message");
}
