// What an agent's programs are told of calls that do not reach a host, or get no answer of it.

import { create } from "@bufbuild/protobuf";
import {
  type LocalReplyConfig,
  LocalReplyConfigSchema,
} from "@smartcall/envoy/api/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js";
import { forAll, forRest, type Told, told, toldByRoute } from "../local-reply.ts";
import { routeSays, tunnel, upgrade } from "../local-reply-filters.ts";
import { names } from "../names.ts";
import type { Refusal } from "../refusal.ts";
import { ofRoute, refusalKey } from "../route-metadata.ts";
import { ofRequestId } from "./egress-headers.ts";

/** The substitution that prints which egress a route is of. */
export const ofEgress = `%METADATA(ROUTE:${names.metadata}:egress)%`;

/** Maps each refusal to the envelope, or for gRPC callers to a status; the first that fits is told. */
export function egressReplies(): LocalReplyConfig {
  return create(LocalReplyConfigSchema, {
    mappers: [
      forRest(withId(noTunnel), { given: 404, also: [tunnel] }),
      forRest(noTunnel, { also: [upgrade] }),
      forRest(
        told({ reason: "INVALID_REQUEST", message: `The request is no valid HTTP (${why}).` }),
      ),
      forRest(
        told({ reason: "REQUEST_TIMEOUT", message: "The request did not arrive whole in time." }),
      ),
      forRest(
        told({ reason: "HEADERS_TOO_LARGE", message: "The request's headers are too large." }),
      ),
      ...forAll(withId(told(elsewhere)), { also: [routeSays(refusalKey)] }),
      ...forAll(withId(toldByRoute({ reason: "EGRESS_NOT_NAMED", message: "" }))),
      ...forAll(ofHost(unavailable("has no key here, without which it is not called")), {
        given: 401,
      }),
      ...forAll(ofHost(unavailable(`did not answer as it should: ${failure}`)), { given: 502 }),
      ...forAll(ofHost(unavailable(`cannot be reached: ${failure}`))),
      ...forAll(
        ofHost({
          reason: "DEADLINE_EXCEEDED",
          message: `The host of the egress ${ofEgress} took too long.`,
        }),
      ),
    ],
  });
}

const why = "%LOCAL_REPLY_BODY%";

/** What TLS or the network says is told before what Envoy makes of it. */
const failure = `%COALESCE(${JSON.stringify({
  operators: ["UPSTREAM_TRANSPORT_FAILURE_REASON", "LOCAL_REPLY_BODY"],
})})%`;

const noTunnel = told({
  reason: "UPGRADE_NOT_ALLOWED",
  message: "A sidecar opens no tunnel, and changes to no other protocol.",
});

const elsewhere = {
  reason: "EGRESS_NOT_NAMED",
  message:
    "A sidecar is no proxy for %REQ(:authority)%: name the host in mesh.yaml, as " +
    "egress: [{ name: NAME, host: %REQ(:authority)%, " +
    `agents: [${ofRoute.agent}] }], and call it at /NAME of this address.`,
} as const;

function unavailable(what: string): Refusal {
  return { reason: "EGRESS_UNAVAILABLE", message: `The host of the egress ${ofEgress} ${what}.` };
}

/** Of a call that was on its way. */
function ofHost(refusal: Refusal): Told {
  return withId(told(refusal, `egress:${ofEgress}`));
}

/** What the call's id was before it was taken off. */
function withId(refusal: Told): Told {
  return { ...refusal, requestId: ofRequestId };
}
