// Filters that change while the listener does not: the keys that tokens are checked with, and
// what was revoked.

import { create } from "@bufbuild/protobuf";
import {
  type TypedExtensionConfig,
  TypedExtensionConfigSchema,
} from "@smartcall/envoy/api/envoy/config/core/v3/extension_pb.js";
import type { Mesh } from "../model/mesh.ts";
import type { Described } from "./described.ts";
import { denied } from "./filters/denied.ts";
import { inUpgrades, jwt } from "./filters/jwt.ts";
import { names } from "./names.ts";
import { stickyClaims } from "./sticky.ts";

/** Every filter that is discovered by itself (ECDS), by its name in the listener. */
export function extensions(mesh: Mesh): readonly Described<TypedExtensionConfig>[] {
  const sticky = stickyClaims(mesh);
  return [
    {
      name: names.jwt,
      message: create(TypedExtensionConfigSchema, {
        name: names.jwt,
        typedConfig: jwt(mesh.issuers, sticky),
      }),
    },
    {
      name: names.jwtOfSockets,
      message: create(TypedExtensionConfigSchema, {
        name: names.jwtOfSockets,
        typedConfig: jwt(mesh.issuers, sticky, inUpgrades),
      }),
    },
    {
      name: names.denied,
      message: create(TypedExtensionConfigSchema, {
        name: names.denied,
        typedConfig: denied(mesh.denied),
      }),
    },
  ];
}
