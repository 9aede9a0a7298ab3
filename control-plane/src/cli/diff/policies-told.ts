// Issuers, budgets, prices and what a gateway allows, each in words.

import type { GatewayConfig, IssuerConfig } from "../../config/gateway-config.ts";
import type { MeshConfig } from "../../config/index.ts";
import { standardBounds } from "../../config/language/bounds.ts";
import { sizeText } from "../../config/schema/amounts.ts";
import { budgetsOf, pricesOf } from "../../model/build-policies.ts";
import { budgetWords, priceWords } from "../routes/policy-words.ts";
import { duration } from "../routes/route-words.ts";
import type { Told } from "./compare-meshes.ts";

/** Whose tokens are taken, besides the mesh's own. */
export function issuersTold({ identity }: MeshConfig): readonly Told[] {
  return identity.map((issuer) => ({
    name: issuer.issuer.value,
    words: issuerWords(issuer),
    origin: issuer.at,
  }));
}

/** What callers may spend. */
export function budgetsTold(config: MeshConfig): readonly Told[] {
  return budgetsOf(config).map((budget) => ({
    name: budget.name,
    words: budgetWords(budget),
    origin: budget.origin,
  }));
}

/** What agents cost. */
export function pricesTold(config: MeshConfig): readonly Told[] {
  return pricesOf(config).map((price) => ({
    name: price.agent,
    words: priceWords(price),
    origin: config.prices.get(price.agent)?.at ?? config.at,
  }));
}

/** Which web pages may call; `none` where it is not said. */
export function corsWords({ cors }: GatewayConfig): string {
  return cors === undefined ? "none" : cors.origins.join(", ");
}

/** Who vouches for callers with certificates. */
export function clientsWords({ clients }: GatewayConfig): string {
  return clients === undefined ? "none" : `by ${clients.ca.file}`;
}

/** Every bound that is not the standard. */
export function boundsWords({ bounds }: GatewayConfig): string {
  const others = boundTexts.flatMap(([key, text]) => {
    const value = bounds?.[key]?.value;
    return value === undefined || value === standardBounds[key] ? [] : [`${key} ${text(value)}`];
  });
  return others.length === 0 ? "the standard ones" : others.join(", ");
}

function issuerWords({ audiences, keys }: IssuerConfig): string {
  const { ca, file, internal, url } = keys;
  const from = [
    `keys from ${url?.value ?? file?.value ?? ""}`,
    ...(ca === undefined ? [] : [`by ${ca.file}`]),
    ...(internal?.value === true ? ["internal"] : []),
  ];
  return `tokens for ${audiences.join(" or ")}, ${from.join(", ")}`;
}

const boundTexts: readonly (readonly [keyof typeof standardBounds, (value: number) => string])[] = [
  ["body", sizeText],
  ["headers", sizeText],
  ["path", sizeText],
  ["connections", String],
  ["newConnections", (value) => `${value} a second`],
  ["streams", String],
  ["calls", String],
  ["idle", duration],
  ["headersTime", duration],
  ["requestTime", duration],
];
