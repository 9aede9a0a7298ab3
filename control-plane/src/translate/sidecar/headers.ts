// What is removed of a call's headers as it comes to a sidecar, before anything looks at it.

import { create } from "@bufbuild/protobuf";
import {
  type TypedExtensionConfig,
  TypedExtensionConfigSchema,
} from "@smartcall/envoy/api/envoy/config/core/v3/extension_pb.js";
import { HeaderMutationSchema } from "@smartcall/envoy/api/envoy/extensions/http/early_header_mutation/header_mutation/v3/header_mutation_pb.js";
import { allBut, removeMatching } from "../filters/headers.ts";
import { any } from "../message.ts";

/** What the sidecar works out by itself; all else is what a gateway or a sidecar set. */
export const inboundHeaders: TypedExtensionConfig = removing(
  "inbound-headers",
  "(claims|subject|token-id|expires|caller|reservation|sticky-.*)",
);

/** Of what only the mesh may say, an agent says which agent and model it calls, and who is above it. */
export const callsHeaders: TypedExtensionConfig = removing(
  "calls-headers",
  // In parts, since Envoy takes no expression that is this long.
  ...partsOf(allBut("agent", "model", "via"), 8).map((part) => `(${part.join("|")})`),
);

function removing(name: string, ...regexes: readonly string[]): TypedExtensionConfig {
  return create(TypedExtensionConfigSchema, {
    name,
    typedConfig: any(HeaderMutationSchema, {
      mutations: [
        // They steer Envoy.
        removeMatching({ case: "prefix", value: "x-envoy-" }),
        // Some programs take an underscore for a hyphen.
        removeMatching({ case: "prefix", value: "smartcall_" }),
        ...regexes.map((regex) =>
          removeMatching({ case: "safeRegex", value: { regex: `smartcall-${regex}` } }),
        ),
      ],
    }),
  });
}

function partsOf<Each>(all: readonly Each[], size: number): readonly (readonly Each[])[] {
  const parts: Each[][] = [];
  for (let at = 0; at < all.length; at += size) parts.push(all.slice(at, at + size));
  return parts;
}
