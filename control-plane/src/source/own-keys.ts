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
  type ServerCertificate,
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
  const watch = watchSigningKeys(state, signingKeys, {
    report,
    change(keys) {
      const [before, after] = [hashOf(publicKeySet(signingKeys)), hashOf(publicKeySet(keys))];
      audit.note({ who: "local", what: "signing keys", before, after, outcome: "taken" });
      signingKeys = keys;
      changed("signing keys");
    },
  });
  return success({
    authority: authority.value,
    certificate: () => certificate.value.current(),
    signingKeys: () => signingKeys,
    async close() {
      certificate.value.close();
      await watch.close();
    },
  });
}
