// Who a gateway or an agent proves to be, by the token it shows and where it comes from.

import { placeOfPeer } from "@smartcall/runtime";
import { isJoinToken, unproven } from "./join-token.ts";
import { createKnownProofs } from "./known-proofs.ts";
import {
  type JoinedBy,
  joinAudience,
  type NodeProof,
  notProved,
  readJoinSubject,
} from "./node-proof.ts";
import type { SigningKeys } from "./signing-keys.ts";
import { verifyToken, type WantedToken } from "./verify-token.ts";

/** What tokens are checked with. */
export interface JoinChecks {
  /** The mesh's own token. */
  readonly joinToken: string;
  /** All that sign or have signed. */
  readonly signingKeys: () => SigningKeys;
  readonly mesh: () => string;
  readonly now: () => Date;
  readonly isDenied: NonNullable<WantedToken["isDenied"]>;
}

/** More than any token of ours has; longer ones are refused unread. */
const longestToken = 4_096;

/**
 * Checks a node's token: at most one signature is verified, whatever it shows, and none where
 * the same keys have signed what was shown before.
 */
export function createJoinedBy(checks: JoinChecks): JoinedBy {
  const known = createKnownProofs({
    ...checks,
    isGone: (proof) => isWithdrawn(proof, checks),
  });
  return (authorization, peer) => {
    if (isJoinToken(checks.joinToken, authorization)) {
      // Nothing shows it by a Unix socket: whoever may open one of ours is believed there.
      return placeOfPeer(peer).kind === "here"
        ? { ok: true, proof: { kind: "owner" } }
        : notProved(onlyHere);
    }
    const token = /^bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
    // A JWT has two points, and the mesh's own token none.
    if (token === undefined || token.length > longestToken || !token.includes(".")) {
      return notProved(unproven);
    }
    const before = known.of(token);
    if (before !== undefined) return { ok: true, proof: before };
    const verified = verifyToken(checks.signingKeys(), token, {
      mesh: checks.mesh(),
      audience: joinAudience,
      now: checks.now(),
      isDenied: checks.isDenied,
    });
    if (!verified.ok) {
      return notProved(`This node's join token is not taken: ${verified.why}. ${make}`);
    }
    const { subject, id, expires } = verified;
    const of = readJoinSubject(subject);
    if (of === undefined) return notProved(unproven);
    const proof: NodeProof = { ...of, token: { id, subject, expires } };
    known.add(token, proof);
    return { ok: true, proof };
  };
}

/** Whether what proved a node does not hold any more: its token has expired or was revoked. */
export function isWithdrawn(
  proof: NodeProof,
  { now, isDenied }: Pick<JoinChecks, "now" | "isDenied">,
): boolean {
  return proof.kind !== "owner" && (proof.token.expires <= now() || isDenied(proof.token));
}

/** What a node is told whose proof was withdrawn. */
export const withdrawn = `This node's join token has expired or was revoked. Make another one with \`smartcall join\`.`;

const make = "Make another one with `smartcall join` where the control plane runs.";
const onlyHere =
  "The mesh's own join token is taken on the control plane's machine only: make one for this node with `smartcall join gateway NAME` or `smartcall join agent NAME` there.";
