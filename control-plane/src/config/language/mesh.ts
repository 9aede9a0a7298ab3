// The whole language of `mesh.yaml`.

import type { MeshConfig } from "../mesh-config.ts";
import { object, optional, required } from "../schema/object.ts";
import { name } from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";
import { agents } from "./agent.ts";
import { budgets, prices } from "./budgets.ts";
import { egress } from "./egress.ts";
import { gateway, gatewayStandard } from "./gateway.ts";
import { identity } from "./identity.ts";
import { routes } from "./route.ts";

/** A mesh, as all of its files together describe it. */
export const mesh: Type<MeshConfig> = object<Omit<MeshConfig, "at" | "flawed">>("the mesh", {
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
  identity: optional(
    identity,
    {
      about:
        "Other issuers whose tokens are taken, besides those that the mesh makes by itself (`smartcall token`).",
      example:
        "[{ issuer: https://login.example.com, audiences: [smartcall], keys: { url: https://login.example.com/jwks.json } }]",
      standard: "[]",
    },
    () => [],
  ),
  agents: required(
    agents,
    {
      about:
        "Every agent of the mesh by its name. Its instances register themselves, and `instances` names others; one whose agent is not listed is refused.",
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
  budgets: optional(
    budgets,
    {
      about: "What callers may spend, in tokens or money; routes name it.",
      example: "{ team: { by: claim:team, tokens: 2000000, per: day } }",
      standard: "{}",
    },
    () => new Map(),
  ),
  prices: optional(
    prices,
    {
      about: "What the tokens of agents cost, for each million. Budgets in money need it.",
      example: "{ writer: { input: 1.25, output: 10 } }",
      standard: "{}",
    },
    () => new Map(),
  ),
  egress: optional(
    egress,
    {
      about:
        "The hosts outside the mesh that agents may call, through their sidecars, and the keys that those put in.",
      example: "[{ name: openai, host: api.openai.com, key: { env: OPENAI_API_KEY } }]",
      standard: "[]",
    },
    () => [],
  ),
});
