// What every answer says, whoever gives it, and what none says.

import type { MessageInitShape } from "@bufbuild/protobuf";
import type { HeaderMutationSchema as MutationSchema } from "@smartcall/envoy/api/envoy/config/common/mutation_rules/v3/mutation_rules_pb.js";
import { HeaderValueOption_HeaderAppendAction } from "@smartcall/envoy/api/envoy/config/core/v3/base_pb.js";
import { HeaderMutationSchema } from "@smartcall/envoy/api/envoy/extensions/filters/http/header_mutation/v3/header_mutation_pb.js";
import { any } from "../message.ts";

/** What every answer says. */
export const everywhere = [
  // Browsers stay with TLS for a year once they saw it (RFC 6797). Not for the
  // subdomains: other servers may be there.
  { key: "strict-transport-security", value: "max-age=31536000" },
  // A browser must not take an answer for a page, whatever is in it.
  { key: "x-content-type-options", value: "nosniff" },
] as const;

/**
 * On answers and refusals alike. Agents do not speak for the gateway: what they say of
 * transport, of what they run on, or to keep in a browser, goes no further.
 */
export const answerHeaders = any(HeaderMutationSchema, {
  mutations: {
    responseMutations: [
      ...["server", "x-powered-by", "alt-svc", "set-cookie", "clear-site-data"].map(removed),
      {
        action: {
          case: "removeOnMatch",
          value: { keyMatcher: { matchPattern: { case: "prefix", value: "x-envoy-" } } },
        },
      },
      ...everywhere.map(set),
    ],
  },
});

/** What only the gateway's own policy says; removed from what agents answer. */
export const pagePolicyHeaders: readonly string[] = [
  "access-control-allow-origin",
  "access-control-allow-credentials",
  "access-control-allow-methods",
  "access-control-allow-headers",
  "access-control-allow-private-network",
  "access-control-expose-headers",
  "access-control-max-age",
];

type Mutation = MessageInitShape<typeof MutationSchema>;

function removed(value: string): Mutation {
  return { action: { case: "remove", value } };
}

function set(header: { readonly key: string; readonly value: string }): Mutation {
  return {
    action: {
      case: "append",
      value: {
        header,
        appendAction: HeaderValueOption_HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD,
      },
    },
  };
}
