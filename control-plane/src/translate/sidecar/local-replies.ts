// What a sidecar says by itself, in the same shape and words as the gateway.

import { create } from "@bufbuild/protobuf";
import {
  type LocalReplyConfig,
  LocalReplyConfigSchema,
} from "@smartcall/envoy/api/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js";
import { canonicalCodes, saidStatus } from "@smartcall/protos";
import { byAgent, byCount, byRoute, byToken } from "../local-replies.ts";
import { callRoute, forAll, type Told, type ToldWhen, told } from "../local-reply.ts";
import { deniedBy, detailsBegin, routeSays } from "../local-reply-filters.ts";
import { names } from "../names.ts";
import { sidecarMarks } from "../retry.ts";

/** The key of the metadata of the route that agents meet which the caller's `calls` lacks. */
export const uncallableKey = "uncallable";

/** To those who call the agent. */
export function inboundReplies(agent: string): LocalReplyConfig {
  return create(LocalReplyConfigSchema, {
    mappers: [
      ...tell(
        told({
          reason: "AGENT_NOT_CALLABLE",
          message: `The agent ${agent} takes no call from %DOWNSTREAM_PEER_URI_SAN%: "calls" of that agent in mesh.yaml must name ${agent}.`,
        }),
        // The filter of those who may call is the only one that refuses whom it does not know.
        { given: 403, also: [deniedBy("none")] },
      ),
      ...byToken(tell),
      ...tell(
        {
          ...told({
            reason: "AGENT_OVERLOADED",
            message: `This instance of ${agent} runs as many calls as it may at once.`,
          }),
          // To the Envoy that called, UNAVAILABLE is an instance that is ill: so the kit does too.
          grpcStatus: `${saidStatus.instead}`,
          headers: [
            { key: "x-envoy-overloaded", value: "true" },
            { key: saidStatus.header, value: `${canonicalCodes.UNAVAILABLE}` },
          ],
        },
        { also: [detailsBegin("upstream_reset_before_response_started{overflow")] },
      ),
      ...neverAnswered.flatMap(([mark, details]) =>
        tell(
          {
            ...told({
              reason: "AGENT_UNAVAILABLE",
              message: `The agent ${agent} cannot be reached: try again later.`,
            }),
            headers: [{ key: mark, value: "true" }],
          },
          { also: [detailsBegin(`upstream_reset_before_response_started{${details}`)] },
        ),
      ),
      ...byAgent(tell),
    ],
  });
}

/** By Envoy's words for how the agent's end of a call was lost, before any of its answer came. */
const neverAnswered = [
  [sidecarMarks.untaken, "remote_connection_failure"],
  [sidecarMarks.untaken, "local_connection_failure"],
  [sidecarMarks.untaken, "connection_timeout"],
  [sidecarMarks.untaken, "remote_refused_stream_reset"],
  [sidecarMarks.broken, "connection_termination"],
  [sidecarMarks.broken, "remote_reset"],
  [sidecarMarks.broken, "protocol_error"],
] as const;

/** To the agent itself, as it calls others. */
export function callsReplies(agent: string): LocalReplyConfig {
  const asked = `%REQ(${names.agentHeader})%`;
  return create(LocalReplyConfigSchema, {
    mappers: [
      ...byToken(tell),
      ...tell(
        told(
          {
            reason: "AGENT_NOT_CALLABLE",
            message: `The agent ${agent} may not call ${asked}: name it in mesh.yaml, under "agents:", as ${agent}: { calls: [${asked}] }.`,
          },
          callRoute,
        ),
        { also: [routeSays(uncallableKey)] },
      ),
      ...byCount,
      ...byRoute(tell),
      ...byAgent(tell),
    ],
  });
}

/** With its reason as a header: for the log of the sidecar that made the call. */
function tell(refusal: Told, when?: ToldWhen): ReturnType<typeof forAll> {
  const { headers = [], reason } = refusal;
  const withReason = [...headers, { key: names.reasonHeader, value: reason }];
  return forAll({ ...refusal, headers: withReason }, when);
}
