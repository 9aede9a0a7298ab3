// What the mesh proves itself with: its authority, its certificate, the keys that sign its tokens.

import type { Clock } from "@smartcall/runtime";
import {
  type Audit,
  type Authority,
  edgeCertificate,
  hashOf,
  type Outcome,
  openAuthority,
  publicKeySet,
  type Report,
  rotateSigningKey,
  type ServerCertificate,
  type SigningAlgorithm,
  type SigningKeys,
  type State,
  success,
  watchSigningKeys,
} from "../state/index.ts";
import { renewedCertificate } from "./renewed-certificate.ts";

/** Keys and certificates, always good. */
export interface OwnKeys {
  readonly authority: Authority;
  /** What gateways prove themselves with where `mesh.yaml` names nothing else. */
  certificate(): ServerCertificate;
  signingKeys(): SigningKeys;
  /**
   * Adds a key that signs from a few seconds later on, and drops those whose tokens
   * have all expired.
   *
   * @param algorithm absent, that of the newest key
   * @param who asks for it
   */
  rotate(algorithm: SigningAlgorithm | undefined, who: string): Promise<Outcome<SigningKeys>>;
  close(): Promise<void>;
}

/** What they are made with. */
export interface OwnKeysOptions {
  readonly mesh: string;
  readonly signingKeys: SigningKeys;
  readonly hostname: string;
  readonly clock: Clock;
  readonly now: () => Date;
  readonly report: Report;
  /** Told of each change of keys. */
  readonly audit: Pick<Audit, "note">;
  /** There are others: `certificate` or `signing keys`. */
  readonly changed: (what: "certificate" | "signing keys") => void;
}

/** Opens them in the state, and has them renewed, or reread where another process changes them. */
export async function openOwnKeys(
  state: State,
  options: OwnKeysOptions,
): Promise<Outcome<OwnKeys>> {
  const { hostname, clock, now, report, audit, changed, mesh } = options;
  const authority = await openAuthority(state, { mesh, now: now(), report });
  if (!authority.ok) return authority;
  let { signingKeys } = options;
  let shown: string | undefined;
  const certificate = await renewedCertificate(
    (at) => edgeCertificate(state, authority.value, { hostname, now: at, report }),
    {
      clock,
      report,
      changed() {
        if (!certificate.ok) return;
        const after = hashOf(certificate.value.current().certificateChain);
        audit.note({
          who: "smartcall",
          what: "certificate",
          before: shown,
          after,
          outcome: "taken",
        });
        shown = after;
        changed("certificate");
      },
    },
  );
  if (!certificate.ok) return certificate;
  shown = hashOf(certificate.value.current().certificateChain);
  const take = (keys: SigningKeys, who: string): void => {
    const [before, after] = [hashOf(publicKeySet(signingKeys)), hashOf(publicKeySet(keys))];
    // A rotation of our own is seen in the folder too.
    if (before === after) return;
    audit.note({ who, what: "signing keys", before, after, outcome: "taken" });
    signingKeys = keys;
    changed("signing keys");
  };
  const watch = watchSigningKeys(state, signingKeys, {
    report,
    change: (keys) => take(keys, "local"),
  });
  let work: Promise<unknown> = Promise.resolve();
  return success({
    authority: authority.value,
    certificate: () => certificate.value.current(),
    signingKeys: () => signingKeys,
    rotate(algorithm, who) {
      const next = work.then(async () => {
        const rotated = await rotateSigningKey(state, { now: now(), report, algorithm });
        if (rotated.ok) take(rotated.value, who);
        return rotated;
      });
      work = next;
      return next;
    },
    async close() {
      certificate.value.close();
      await work;
      await watch.close();
    },
  });
}
