// Finds routes that ask for headers which no call can bring.

import type { Origin } from "../../source/origin.ts";
import type { RouteConfig } from "../mesh-config.ts";
import { problem, type Report } from "../problem.ts";

/** Reports each header because of which a route can never match; false where there is one. */
export function checkHeaders(route: RouteConfig, report: Report): boolean {
  let canMatch = true;
  const refuse = (at: Origin, reason: string, advice: string): void => {
    canMatch = false;
    report(problem("SC402", at, { route: route.name, reason, advice }));
  };
  const seen = new Map<string, string>();
  for (const [written, { at, value }] of route.match.headers) {
    const name = written.toLowerCase();
    const earlier = seen.get(name);
    if (earlier !== undefined && earlier !== value) {
      const reason = `the header \`${name}\` cannot be both \`${earlier}\` and \`${value}\``;
      const advice = "Keep one of them; upper and lower case are the same in a header's name.";
      refuse(at, reason, advice);
    }
    seen.set(name, value);
    const rule = reserved.find(({ of }) => of.test(name));
    if (rule !== undefined) {
      refuse(at, rule.reason.replace("NAME", `\`${name}\``), rule.advice);
    }
  }
  return canMatch;
}

const reserved: readonly {
  readonly of: RegExp;
  readonly reason: string;
  readonly advice: string;
}[] = [
  {
    of: /^(:.*|host)$/,
    reason: "NAME is part of the address of a call, not one of its headers",
    advice: "Match another header.",
  },
  {
    of: /^(authorization|x-api-key)$/,
    reason: "NAME carries the caller's token, which is a secret",
    advice: "Match `claims` of the token instead.",
  },
  {
    of: /^smartcall-/,
    reason: "the gateway sets or removes NAME itself",
    advice: "Choose a header of your own; the agent that is asked for is matched by `agent`.",
  },
  {
    of: /^x-envoy-/,
    reason: "NAME belongs to Envoy, which does not take it from callers",
    advice: "Choose a header of your own.",
  },
];
