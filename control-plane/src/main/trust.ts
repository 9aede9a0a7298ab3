// What the mesh's nodes prove themselves with to each other.

import { type Clock, systemClock } from "@smartcall/runtime";
import type { Trust } from "../model/mesh.ts";
import { type Authority, createMeshCertificates } from "../state/index.ts";
import type { Started } from "./start.ts";

/** Certificates of the mesh's nodes, made when they are first asked for. */
export interface MeshTrust {
  /** The same object as long as it is the same; undefined until it is made. */
  of(owner: string): Trust | undefined;
}

/** What they are made with. */
export interface MeshTrustOptions {
  readonly authority: Authority;
  /** Gateways must be given another certificate. */
  readonly refresh: () => void;
  /** An agent's sidecars must: whether there are any. */
  readonly renewed: (owner: string) => boolean;
  readonly clock?: Clock;
  /** In milliseconds; an hour unless given. */
  readonly lifetimeMs?: number;
}

const gateways = "gateway";

/** Resolves once gateways have theirs. */
export async function openTrust(
  { closing, log }: Pick<Started, "closing" | "log">,
  { authority, clock = systemClock, lifetimeMs, refresh, renewed }: MeshTrustOptions,
): Promise<MeshTrust> {
  let isThere: () => void;
  const there = new Promise<void>((resolve) => {
    isThere = resolve;
  });
  const known = new Map<string, { readonly chain: string; readonly trust: Trust }>();
  const certificates = createMeshCertificates({
    authority,
    clock,
    lifetimeMs,
    changed(owner) {
      if (owner !== gateways) {
        const wanted = renewed(owner);
        if (!wanted) known.delete(owner);
        return wanted;
      }
      isThere();
      refresh();
      return true;
    },
    failed(owner, error) {
      log.error({ err: error, owner }, "no certificate could be made for a node of the mesh");
    },
  });
  closing(() => certificates.close());
  const of = (owner: string): Trust | undefined => {
    const identity = certificates.of(owner);
    if (identity === undefined) return undefined;
    const { certificate: certificateChain, privateKey } = identity;
    const before = known.get(owner);
    if (before?.chain === certificateChain) return before.trust;
    const trust = {
      domain: authority.domain,
      authorities: authority.certificate,
      certificate: { certificateChain, privateKey },
    };
    known.set(owner, { chain: certificateChain, trust });
    return trust;
  };
  if (of(gateways) === undefined) await there;
  return { of };
}
