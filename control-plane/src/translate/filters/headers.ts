// What a client may not say: headers that only the mesh sets.

import { create } from "@bufbuild/protobuf";
import type { TypedExtensionConfig } from "@smartcall/envoy/api/envoy/config/core/v3/extension_pb.js";
import { TypedExtensionConfigSchema } from "@smartcall/envoy/api/envoy/config/core/v3/extension_pb.js";
import { HeaderMutationSchema } from "@smartcall/envoy/api/envoy/extensions/http/early_header_mutation/header_mutation/v3/header_mutation_pb.js";
import { any } from "../message.ts";

/** Removes, before anything looks at a request, what only the mesh may say. */
export const clientHeaders: TypedExtensionConfig = create(TypedExtensionConfigSchema, {
  name: "client-headers",
  typedConfig: any(HeaderMutationSchema, {
    mutations: [
      // With it a caller would choose the path that routing sees.
      removeMatching({ case: "prefix", value: "x-envoy-" }),
      // Where a call comes from is what the edge sees of it; and some programs take an
      // underscore for a hyphen.
      removeMatching({
        case: "safeRegex",
        value: {
          regex:
            "smartcall_.*|x[-_](envoy|forwarded)[-_].*|x[-_]real[-_]ip|x[-_]request[-_]id|forwarded",
        },
      }),
      // The edge gives each call an id of its own, also those from this machine.
      { action: { case: "remove", value: "x-request-id" } },
      removeMatching({
        case: "safeRegex",
        value: { regex: `smartcall-(${allBut("agent", "model").join("|")})` },
      }),
    ],
  }),
});

/**
 * The same at the listener where the realtime service calls: it gives each turn an id, and
 * says where its caller's WebSocket comes from.
 */
export const insideHeaders: TypedExtensionConfig = create(TypedExtensionConfigSchema, {
  name: "inside-headers",
  typedConfig: any(HeaderMutationSchema, {
    mutations: [
      removeMatching({ case: "prefix", value: "x-envoy-" }),
      removeMatching({
        case: "safeRegex",
        value: { regex: "smartcall-(c|expires|grant|largest|s|token-id|via).*" },
      }),
    ],
  }),
});

/** Removes every header whose name fits. */
export function removeMatching(
  matchPattern:
    | { readonly case: "prefix"; readonly value: string }
    | { readonly case: "safeRegex"; readonly value: { readonly regex: string } },
) {
  return {
    action: { case: "removeOnMatch" as const, value: { keyMatcher: { matchPattern } } },
  };
}

/** Regular expressions of which one fits every text but these; RE2 has no lookahead. */
export function allBut(...words: readonly string[]): readonly string[] {
  // Whatever has a beginning of a word and then goes on otherwise, or ends too soon or too late.
  const beginnings = new Set(
    words.flatMap((word) => [...word, ""].map((_, at) => word.slice(0, at))),
  );
  return [...beginnings].flatMap((beginning) => {
    const goesOn = words.filter((word) => word.startsWith(beginning) && word !== beginning);
    const letters = [...new Set(goesOn.map((word) => word.charAt(beginning.length)))].join("");
    const otherwise = letters === "" ? `${beginning}.+` : `${beginning}[^${letters}].*`;
    return words.includes(beginning) ? [otherwise] : [beginning, otherwise];
  });
}
