// What tokens were verified to prove: a gateway asks for each of its callers, and a signature costs more than most answers.

import { createHash } from "node:crypto";
import type { NodeProof } from "./node-proof.ts";
import type { SigningKeys } from "./signing-keys.ts";

/** Proofs by the token that was shown. */
export interface KnownProofs {
  /** What the token has proved, where it still does; undefined where that is to be verified. */
  of(token: string): NodeProof | undefined;
  /** It was verified. */
  add(token: string, proof: NodeProof): void;
}

/** How many are known, then all are verified anew: only tokens that are right are here. */
const mostKnown = 10_000;

/** What they hold by. */
export interface ProvedBy {
  readonly signingKeys: () => SigningKeys;
  readonly mesh: () => string;
  /** Whether a proof holds no more: its token has expired or was revoked. */
  readonly isGone: (proof: NodeProof) => boolean;
}

/** None so far. They are forgotten with the keys that signed them, and with the mesh's name. */
export function createKnownProofs({ isGone, ...by }: ProvedBy): KnownProofs {
  const proofs = new Map<string, NodeProof>();
  let keys: SigningKeys | undefined;
  let mesh: string | undefined;
  return {
    of(token) {
      if (keys !== by.signingKeys() || mesh !== by.mesh()) {
        keys = by.signingKeys();
        mesh = by.mesh();
        proofs.clear();
      }
      const proof = proofs.get(digestOf(token));
      return proof === undefined || isGone(proof) ? undefined : proof;
    },
    add(token, proof) {
      if (proofs.size >= mostKnown) proofs.clear();
      proofs.set(digestOf(token), proof);
    },
  };
}

/** No token is kept, nor found by how long it takes to compare it. */
export function digestOf(token: string): string {
  return createHash("sha256").update(token).digest("base64");
}
