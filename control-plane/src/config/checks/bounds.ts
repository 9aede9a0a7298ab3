// Checks that no bound of a gateway is larger than the one that holds it.

import type { BoundsConfig, GatewayConfig } from "../gateway-config.ts";
import { standardBounds } from "../language/bounds.ts";
import { problem, type Report } from "../problem.ts";
import { sizeText } from "../schema/amounts.ts";
import { durationText } from "../schema/scalars.ts";

/** Reports bounds that can never count, because another does before. */
export function checkBounds({ bounds }: GatewayConfig, report: Report): void {
  if (bounds === undefined) return;
  checkOrder(bounds, "path", "headers", sizeText, report);
  checkOrder(bounds, "headersTime", "requestTime", durationText, report);
}

type Bound = keyof typeof standardBounds;

function checkOrder(
  bounds: BoundsConfig,
  inner: Bound,
  outer: Bound,
  words: (value: number) => string,
  report: Report,
): void {
  const [less, more] = [bounds[inner], bounds[outer]];
  if (bounds.flawed.has(inner) || bounds.flawed.has(outer)) return;
  const at = less?.at ?? more?.at;
  const [small, large] = [
    less?.value ?? standardBounds[inner],
    more?.value ?? standardBounds[outer],
  ];
  if (at === undefined || small <= large) return;
  const shown = (found: typeof less, value: number): string =>
    found === undefined ? `${words(value)} by default` : words(value);
  const values = { inner, outer, small: shown(less, small), large: shown(more, large) };
  report(problem("SC429", at, values));
}
