// What agents may call outside the mesh, and as whom.

import type { Origin } from "../source/origin.ts";

/** A host outside the mesh that agents reach through their sidecars. */
export interface Egress {
  readonly name: string;
  /** A name that DNS knows, or an IP address. */
  readonly host: string;
  readonly port: number;
  /** The authorities that are believed about it: PEM. Absent, those of the sidecar's machine. */
  readonly authorities?: string | undefined;
  /** What the sidecar says in the agent's place. */
  readonly key?: EgressKey | undefined;
  /** The agents that may call it, sorted; absent, all of them. */
  readonly agents?: readonly string[] | undefined;
  /** The longest a call may take, in milliseconds, streams included. */
  readonly timeoutMs: number;
  readonly origin: Origin;
}

/** A key, and where it goes. Never logged or shown. */
export interface EgressKey {
  /** The header, in lower case, such as `authorization`. */
  readonly header: string;
  /** What stands before the key in the header, such as `Bearer `; may be empty. */
  readonly prefix: string;
  readonly value: string;
}
