// The one shape of every answer that Envoy gives by itself.

import { create } from "@bufbuild/protobuf";
import {
  type LocalReplyConfig,
  LocalReplyConfigSchema,
  type ResponseMapper,
} from "@smartcall/envoy/api/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js";
import { bounded, boundPolicies } from "./bounds.ts";
import { streamBound } from "./filters/deadline.ts";
import { deniedPolicies } from "./filters/denied.ts";
import { callRoute, forAll, forRest, told, toldByRoute } from "./local-reply.ts";
import {
  answerSays,
  deniedBy,
  detailsBegin,
  notRead,
  routeSays,
  tunnel,
  upgrade,
} from "./local-reply-filters.ts";
import { names } from "./names.ts";
import { directoryKey, ofRoute, refusalKey } from "./route-metadata.ts";
import { noRoute, scopeMissing, wrongMethod } from "./table-refusals.ts";

/** Maps each refusal to the envelope, or for gRPC callers to a status; the first that fits is told. */
export function localReplies(): LocalReplyConfig {
  return create(LocalReplyConfigSchema, {
    mappers: [
      ...notRequests,
      ...byExpiry,
      ...byBounds,
      ...byToken(),
      ...byCount,
      ...byRoute(),
      ...byAgent(),
    ],
  });
}

const body = "%LOCAL_REPLY_BODY%";

const noUpgrade = told({
  reason: "UPGRADE_NOT_ALLOWED",
  message: "The gateway opens no tunnel, and changes to no other protocol here.",
});

/** What Envoy refuses before it looks for a route. */
const notRequests: readonly ResponseMapper[] = [
  forRest(told({ reason: "INVALID_REQUEST", message: "The request is no valid HTTP." }), {
    also: [notRead],
  }),
  forRest(
    told(
      { reason: "HEADERS_TOO_LARGE", message: "The request's headers are too large." },
      boundPolicies["headers-too-large"].rule,
    ),
    { also: [notRead] },
  ),
  // Such as `OPTIONS *`, which no route can match.
  forRest(told({ reason: "UNKNOWN_PATH", message: "Nothing is at this path." }), {
    also: [notRead],
  }),
  forRest(noUpgrade, { also: [tunnel] }),
  forRest(noUpgrade, { also: [upgrade] }),
];

/** Whose token expired while an agent that does not look at it had not begun to answer. */
const byExpiry: readonly ResponseMapper[] = forAll(
  told({ reason: "TOKEN_EXPIRED", message: "The caller's token has expired." }),
  { given: streamBound.http, also: [detailsBegin(streamBound.details)] },
);

/** What is beyond a bound of the gateway. */
const byBounds: readonly ResponseMapper[] = [
  ...Object.entries(boundPolicies).flatMap(([policy, { refusal, rule }]) =>
    forAll(told(refusal, rule), { given: 403, also: [deniedBy(policy)] }),
  ),
  ...bounded.flatMap(({ also = [], refusal, rule }) => forAll(told(refusal, rule), { also })),
];

const notAccepted = told({
  reason: "TOKEN_NOT_ACCEPTED",
  message: `The call needs a token that is valid here (${body}).`,
});

/** Whose token is not taken, as `tell` puts it. Envoy itself says of some of them that they are forbidden. */
export const byToken = (tell: typeof forAll = forAll): readonly ResponseMapper[] => [
  ...tell(notAccepted),
  ...tell(notAccepted, { given: 403, also: [detailsBegin("jwt_authn_access_denied")] }),
  ...tell(
    told({
      reason: "TOKEN_REVOKED",
      message: "The token, or the caller whose it is, was revoked.",
    }),
    { given: 403, also: [deniedBy(deniedPolicies.revoked)] },
  ),
  ...tell(
    told({
      reason: "TOKEN_NOT_ACCEPTED",
      message: `The call has more than one token: give one, in authorization or ${names.apiKeyHeader}.`,
    }),
    { given: 403, also: [deniedBy(deniedPolicies.tokens)] },
  ),
];

const waits = { RATE_LIMITED: "calls", TOO_MANY_AT_ONCE: "calls at once" } as const;

/** What limits and budgets refuse; the quota service says which, and when to come again. */
export const byCount: readonly ResponseMapper[] = [
  ...[
    { reason: "BUDGET_SPENT", message: "The budget has not enough left for this call." } as const,
    ...(["TOO_MANY_AT_ONCE", "RATE_LIMITED"] as const).map((reason) => ({
      reason,
      message: `Too many ${waits[reason]}: try again later.`,
    })),
  ].flatMap((refusal) =>
    forAll(
      { ...told(refusal), retryAfter: "%RESP(retry-after)%" },
      { also: [answerSays(names.reasonHeader, refusal.reason)] },
    ),
  ),
  // By the gateway itself, which adds to the answer when to come again.
  ...forAll(told({ reason: "RATE_LIMITED", message: "Too many calls: try again later." })),
  ...forAll(
    told(
      {
        reason: "QUOTA_UNAVAILABLE",
        message: "The call cannot be counted for the moment: try again later.",
      },
      callRoute,
    ),
    { also: [detailsBegin("rate_limiter_error")] },
  ),
];

/** What no route carries the words of comes first; otherwise the route's metadata says which agent, which scope. */
export const byRoute = (tell: typeof forAll = forAll): readonly ResponseMapper[] => [
  ...tell(told(noRoute), { also: [routeSays(refusalKey)] }),
  ...tell(told({ reason: "INVALID_REQUEST", message: body })),
  ...tell(toldByRoute(scopeMissing([]), callRoute)),
  ...tell(toldByRoute({ reason: "UNKNOWN_PATH", message: "" })),
  ...tell(toldByRoute(wrongMethod)),
];

/** What became of a call that was taken. */
export const byAgent = (tell: typeof forAll = forAll): readonly ResponseMapper[] => [
  ...tell(told({ reason: "INTERNAL", message: "The gateway failed." }, callRoute)),
  ...tell(
    told(
      { reason: "BAD_ANSWER", message: "The agent's answer could not be understood." },
      callRoute,
    ),
  ),
  ...tell(
    told(
      {
        reason: "AGENT_OVERLOADED",
        message: `The agent ${ofRoute.agent} has no place free: try again later.`,
      },
      callRoute,
    ),
    { also: [detailsBegin("upstream_reset_before_response_started{overflow")] },
  ),
  ...tell(
    told(
      {
        reason: "DIRECTORY_UNAVAILABLE",
        message: "The control plane cannot be reached: try again later. Agents can be called.",
      },
      callRoute,
    ),
    { also: [routeSays(directoryKey)] },
  ),
  ...tell(
    told(
      {
        reason: "AGENT_UNAVAILABLE",
        message: `The agent ${ofRoute.agent} cannot be reached: try again later.`,
      },
      callRoute,
    ),
  ),
  ...tell(
    told({ reason: "DEADLINE_EXCEEDED", message: "The call took longer than it may." }, callRoute),
  ),
];
