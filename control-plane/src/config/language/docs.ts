// `gateway.docs`: who may read what the gateway says of its agents.

import type { DocsConfig } from "../gateway-config.ts";
import { either, mapped } from "../schema/collections.ts";
import { object, required } from "../schema/object.ts";
import type { Type } from "../schema/type.ts";
import { oneOf } from "../schema/words.ts";
import { scopes, standardScope } from "./allow.ts";

/** What counts where `mesh.yaml` does not say. */
export const standardDocs: DocsConfig = { kind: "scopes", scopes: [standardScope] };

const advice = `Write \`public\`, \`off\`, or \`{ scopes: [${standardScope}] }\`.`;

const byScopes = object<{ readonly scopes: readonly string[] }>(
  "`docs`",
  {
    scopes: required(
      scopes,
      {
        about: "The scopes that a reader's token must have, every one of them.",
        example: `[${standardScope}]`,
      },
      () => [standardScope],
    ),
  },
  { advice },
);

/** `docs`. */
export const docs: Type<DocsConfig> = either<DocsConfig>("`public`, `off`, or scopes", advice, {
  scalar: mapped(oneOf(["public", "off"] as const), (kind): DocsConfig => ({ kind })),
  mapping: mapped(byScopes, ({ scopes: named }) => ({ kind: "scopes", scopes: named })),
});
