// The whole language of `mesh.yaml`.

import type { MeshConfig } from "../mesh-config.ts";
import { object, optional, required } from "../schema/object.ts";
import { name } from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";
import { agents } from "./agent.ts";
import { gateway, gatewayStandard } from "./gateway.ts";
import { routes } from "./route.ts";

/** A mesh, as all of its files together describe it. */
export const mesh: Type<MeshConfig> = object<Omit<MeshConfig, "at">>(
  "the mesh",
  {
    mesh: required(
      name("a mesh"),
      {
        about: "The name of the mesh. Its tokens and certificates carry it.",
        example: "demo",
      },
      () => "",
    ),
    gateway: optional(
      gateway,
      {
        about: "What every edge Envoy listens with.",
        example: "{ https: { port: 8443, certificate: dev } }",
      },
      gatewayStandard,
    ),
    agents: required(
      agents,
      {
        about:
          "Every agent of the mesh by its name. Its instances register themselves, unless it says where they are; one whose agent is not listed is refused.",
        example: "{ echo: {} }",
      },
      () => new Map(),
    ),
    routes: optional(
      routes,
      {
        about: "Rules for agents that need more than the default. Their order does not matter.",
        example: "[]",
        standard: "[]",
      },
      () => [],
    ),
  },
  {
    later: {
      budgets: "how many tokens or how much money callers may use",
      egress: "which model providers outside the mesh agents may call",
      identity: "which other issuers' tokens are taken",
      prices: "what an agent's tokens cost",
    },
  },
);
