// Checks whose tokens are taken, and that their keys are fetched from where keys may come.

import { isIP } from "node:net";
import { reachOf } from "../../source/issuer-keys/index.ts";
import { issuerOf } from "../../state/well-known.ts";
import type { IssuerConfig, IssuerKeysConfig } from "../gateway-config.ts";
import type { MeshConfig } from "../mesh-config.ts";
import { placeOf, problem, type Report } from "../problem.ts";

/** Reports all that is wrong with the issuers of a mesh. */
export function checkIdentity({ identity, mesh }: MeshConfig, report: Report): void {
  const first = new Map<string, IssuerConfig>();
  for (const one of identity) {
    const { at, value: issuer } = one.issuer;
    const earlier = first.get(issuer);
    if (earlier === undefined) {
      first.set(issuer, one);
    } else if (issuer !== "") {
      report(problem("SC413", at, { issuer, place: placeOf(earlier.issuer.at, at) }));
    }
    if (mesh !== "" && issuer === issuerOf(mesh)) report(problem("SC414", at, { issuer }));
    checkKeys(one, report);
  }
}

function checkKeys({ flawed, issuer, keys }: IssuerConfig, report: Report): void {
  if (flawed.has("keys")) return;
  const found = contradiction(keys);
  if (found !== undefined && keys.flawed.size === 0) {
    report(problem("SC415", keys.at, { issuer: issuer.value, found }));
  }
  if (keys.url !== undefined) checkUrl(keys.url.value, keys, keys.url.at, report);
}

function contradiction({ ca, file, internal, url }: IssuerKeysConfig): string | undefined {
  if (url === undefined && file === undefined) return "neither `url` nor `file`";
  if (url !== undefined && file !== undefined) return "both `url` and `file`";
  if (file === undefined) return undefined;
  if (ca !== undefined) return "`ca`, which is for a `url` only";
  return internal === undefined ? undefined : "`internal`, which is for a `url` only";
}

function checkUrl(
  written: string,
  { flawed, internal }: IssuerKeysConfig,
  at: IssuerKeysConfig["at"],
  report: Report,
): void {
  const { hash, hostname, password, protocol, username } = new URL(written);
  if (username !== "" || password !== "") {
    report(problem("SC602", at, {}));
    return;
  }
  if (protocol !== "https:") {
    const reason = "whoever sits on the way to it could exchange the keys";
    report(problem("SC416", at, { url: written, reason, advice: "Write an `https://` address." }));
    return;
  }
  if (hash !== "") {
    const reason = `\`${hash}\` is never sent to a server`;
    report(problem("SC416", at, { url: written, reason, advice: "Remove what follows the `#`." }));
  }
  const host = hostname.replace(/^\[|\]$/g, "");
  const reach = isIP(host) === 0 ? reachOfName(host) : reachOf(host);
  if (reach === "never") {
    const reason = `no issuer can be at \`${host}\``;
    const advice = "Name the issuer's server; `internal: true` does not allow this address either.";
    report(problem("SC416", at, { url: written, reason, advice }));
  } else if (reach === "internal" && internal?.value !== true && !flawed.has("internal")) {
    report(problem("SC417", at, { host }));
  }
}

/** RFC 6761, section 6.3: names that are this machine's own. Others are looked up when they are asked. */
function reachOfName(host: string): "public" | "internal" {
  return /(^|\.)localhost\.?$/i.test(host) ? "internal" : "public";
}
