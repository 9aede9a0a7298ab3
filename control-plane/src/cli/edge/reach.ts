// How an HTTPS request of ours reaches the edge that runs here.

import { readFileSync } from "node:fs";
import type { RequestOptions } from "node:https";
import { type Trust, tlsOptions } from "../remote/trust.ts";

/** Where the edge is: `url` as its callers know it, `connectTo` where that does not lead there. */
export interface Reach {
  readonly url: string;
  readonly connectTo: string | undefined;
  readonly trust: Trust;
}

/** The options of a request for the path. Throws where the trust holds no certificate. */
export function requestTo({ url, connectTo, trust }: Reach, path: string): RequestOptions {
  const target = new URL(path, url);
  const { hostname, port } = connectTo === undefined ? target : new URL(`https://${connectTo}`);
  return {
    hostname: hostname.replace(/^\[|\]$/g, ""),
    port,
    path: `${target.pathname}${target.search}`,
    headers: { host: target.host },
    agent: false,
    ...tlsOptions(trust),
  };
}

/**
 * Whose certificate the edge shows: the operator's own and no other, else one of
 * the mesh's authority. Throws where the file cannot be read.
 */
export function edgeTrust(certificate: string | undefined, authority: string): Trust {
  return certificate === undefined
    ? { kind: "authority", certificates: readFileSync(authority, "utf8") }
    : { kind: "exactly", certificate: readFileSync(certificate, "utf8") };
}
