// The short-lived certificates by which gateways and sidecars know each other (SPIFFE).
//
// https://spiffe.io/docs/latest/spiffe-specs/x509-svid/

import type { Clock } from "@smartcall/runtime";
import { type Authority, clockSkew } from "./authority.ts";
import type { Identity } from "./identity.ts";

/** Certificates by the name of their owner in the mesh; kept in memory only. */
export interface MeshCertificates {
  /**
   * The present certificate; the first time that it is asked for there is none, and
   * `changed` tells when there is.
   *
   * @param owner `gateway`, or `agent/NAME`
   */
  of(owner: string): Identity | undefined;
  close(): void;
}

/** What they are made with. */
export interface MeshCertificateOptions {
  readonly authority: Pick<Authority, "domain" | "issueNodeIdentity">;
  readonly clock: Clock;
  /** In milliseconds; an hour unless given. Renewed at half of it. */
  readonly lifetimeMs?: number | undefined;
  /**
   * An owner has another certificate.
   *
   * @returns whether anybody has use for it; else it is forgotten
   */
  readonly changed: (owner: string) => boolean;
  /** Why an owner has no new certificate; it is tried again. */
  readonly failed: (owner: string, error: unknown) => void;
}

const hour = 3_600_000;
const retryMs = 5_000;

/** No certificates yet. */
export function createMeshCertificates(options: MeshCertificateOptions): MeshCertificates {
  const { authority, changed, clock, failed, lifetimeMs = hour } = options;
  const kept = new Map<string, Kept>();
  let closed = false;

  const make = (owner: string): Promise<Identity> => {
    const at = clock.now();
    return authority.issueNodeIdentity({
      commonName: owner,
      names: [{ type: "url", value: `spiffe://${authority.domain}/${owner}` }],
      validFrom: new Date(at - clockSkew),
      validUntil: new Date(at + lifetimeMs),
    });
  };
  const renew = async (owner: string, of: Kept): Promise<void> => {
    let waitMs = lifetimeMs / 2;
    try {
      of.identity = await make(owner);
    } catch (error) {
      failed(owner, error);
      waitMs = Math.min(waitMs, retryMs);
    }
    if (closed) return;
    if (of.identity !== undefined && !changed(owner)) {
      kept.delete(owner);
      return;
    }
    of.cancel = clock.after(waitMs, () => void renew(owner, of));
  };
  return {
    of(owner) {
      const known = kept.get(owner);
      if (known !== undefined || closed) return known?.identity;
      const first: Kept = { identity: undefined, cancel: () => undefined };
      kept.set(owner, first);
      void renew(owner, first);
      return undefined;
    },
    close() {
      closed = true;
      for (const { cancel } of kept.values()) cancel();
    },
  };
}

interface Kept {
  identity: Identity | undefined;
  cancel: () => void;
}
