// Who changed what: one line of JSON for each change, only ever added to.

import { createHash } from "node:crypto";
import type { Report } from "./outcome.ts";
import type { State } from "./state.ts";

/** One change, or one that was refused. */
export interface AuditEntry {
  /** The subject of a token, `local` on this machine, `file` for a save, or what acts by itself. */
  readonly who: string;
  readonly what:
    | "start"
    | "save"
    | "apply"
    | "signing keys"
    | "certificate"
    | "api keys"
    | "revocations"
    | "budget";
  /** A hash of what counted before, if anything did, and of what was asked for. */
  readonly before: string | undefined;
  readonly after: string;
  /** `taken`, `refused`, or `superseded` by a newer change before it was done. */
  readonly outcome: "taken" | "refused" | "superseded";
  /** What was asked for, in a few words, where a hash says too little. */
  readonly about?: string;
  /** Gateways that took it, and those that have not answered yet. */
  readonly nodes?: readonly string[];
  readonly silent?: readonly string[];
  /** Why it was refused. */
  readonly problems?: readonly string[];
}

/** The file, in the state, of all entries. */
export const auditName = "audit.jsonl";

/** A hash for an entry: SHA-256, in hex. */
export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Keeps entries. */
export interface Audit {
  /** Adds an entry soon, in the order of the calls. A failure is reported, and nothing stops. */
  note(entry: AuditEntry): void;
  /** Resolves when nothing is left to write. */
  settled(): Promise<void>;
}

/** An audit in the state. */
export function createAudit(state: State, now: () => Date, report: Report): Audit {
  let work: Promise<void> = Promise.resolve();
  return {
    note(entry) {
      const line = JSON.stringify({ at: now().toISOString(), ...entry });
      work = work.then(async () => {
        const written = await state.append(auditName, line);
        if (!written.ok) report(written.problem);
      });
    },
    settled: () => work,
  };
}
