// The secret that gateways and agents of this machine prove with that they belong to the mesh.

import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { readOrMake } from "./document.ts";
import { type JoinedBy, notProved } from "./node-proof.ts";
import type { Outcome, Report } from "./outcome.ts";
import type { State } from "./state.ts";

/** The name, in the state, of the file that holds the join token and nothing else. */
export const joinTokenName = "join-token";

/** The mesh's join token: 256 random bits in base64url, made once. */
export function loadJoinToken(state: State, report: Report): Promise<Outcome<string>> {
  const make = (): string => randomBytes(32).toString("base64url");
  const parse = (text: string): string | undefined => {
    const token = text.trim();
    return /^[\w-]{43}$/.test(token) ? token : undefined;
  };
  return readOrMake(state, joinTokenName, { parse, make }, report);
}

/**
 * Whether the metadata value `authorization` (`Bearer <token>`) holds the join
 * token. Takes the same time however much of it is right.
 */
export function isJoinToken(token: string, authorization: string | undefined): boolean {
  const given = /^bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
  // Digests, because only texts of one length can be compared in constant time.
  return timingSafeEqual(digest(token), digest(given ?? "")) && given !== undefined;
}

/** For a control plane that only this machine can reach: its token proves any node. */
export function joinedByToken(token: string): JoinedBy {
  return (authorization) =>
    isJoinToken(token, authorization)
      ? { ok: true, proof: { kind: "owner" } }
      : notProved(unproven);
}

/** What a node is told that shows no join token. */
export const unproven =
  "This node did not prove that it belongs to the mesh: send the join token as metadata `authorization: Bearer <token>`.";

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
