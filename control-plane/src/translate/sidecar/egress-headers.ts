// What of a request stays on the agent's machine: whoever the agent says it is, and all that is the mesh's.

import { create } from "@bufbuild/protobuf";
import {
  type TypedExtensionConfig,
  TypedExtensionConfigSchema,
} from "@smartcall/envoy/api/envoy/config/core/v3/extension_pb.js";
import { HeaderMutationSchema as UpstreamMutationSchema } from "@smartcall/envoy/api/envoy/extensions/filters/http/header_mutation/v3/header_mutation_pb.js";
import { ConfigSchema as HeaderToMetadataSchema } from "@smartcall/envoy/api/envoy/extensions/filters/http/header_to_metadata/v3/header_to_metadata_pb.js";
import { HeaderMutationSchema } from "@smartcall/envoy/api/envoy/extensions/http/early_header_mutation/header_mutation/v3/header_mutation_pb.js";
import { any } from "../message.ts";
import { names } from "../names.ts";

/**
 * Removes, before anything looks at a request, what the agent proves itself with, be it a
 * placeholder or the token of its own caller, and what is said between the mesh's own
 * processes. Some programs take an underscore for a hyphen.
 */
export const agentHeaders: TypedExtensionConfig = create(TypedExtensionConfigSchema, {
  name: "agent-headers",
  typedConfig: any(HeaderMutationSchema, {
    mutations: [
      removed("(proxy[-_])?authorization|x[-_]api[-_]key|smartcall[-_].*"),
      removed("x[-_](envoy|forwarded)[-_].*|x[-_]real[-_]ip|x[-_]request[-_]id|forwarded"),
    ],
  }),
});

/** Keeps the id that the sidecar gives each call, for its log and its refusals: no host needs it. */
export const requestId = any(HeaderToMetadataSchema, {
  requestRules: [
    {
      header: "x-request-id",
      onHeaderPresent: { metadataNamespace: names.metadata, key: "requestId" },
      remove: true,
    },
  ],
});

/** The substitution that prints it. */
export const ofRequestId = `%DYNAMIC_METADATA(${names.metadata}:requestId)%`;

/** Removes what Envoy itself adds, as the last thing before the key. */
export const envoyHeaders = any(UpstreamMutationSchema, {
  mutations: { requestMutations: [removed("x-(envoy|forwarded)-.*")] },
});

/** Removes from what a host answers what it says of itself as a server at this address. */
export const hostHeaders = any(UpstreamMutationSchema, {
  mutations: { responseMutations: [removed("alt-svc|x-envoy-.*")] },
});

function removed(regex: string) {
  return {
    action: {
      case: "removeOnMatch" as const,
      value: { keyMatcher: { matchPattern: { case: "safeRegex" as const, value: { regex } } } },
    },
  };
}
