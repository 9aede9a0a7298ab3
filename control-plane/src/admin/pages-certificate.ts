// The certificate of the operator's pages: the mesh's own, or the operator's files.

import type { Clock } from "@smartcall/runtime";
import { type KeyPairProblem, type KeyPairRead, watchKeyPair } from "../source/files/key-pair.ts";
import { renewedNetworkCertificate } from "../source/network-certificate.ts";
import type { Authority, Report, State } from "../state/index.ts";
import type { ShownPair } from "./listen.ts";

/** What it is made from. */
export interface PagesCertificateOrder {
  readonly state: State;
  readonly authority: Authority;
  /** Where the pages listen. */
  readonly host: string;
  /** What else they are called. */
  readonly names: readonly string[];
  /** The operator's own files, PEM; both, or neither. */
  readonly certificateFile: string | undefined;
  readonly keyFile: string | undefined;
  readonly clock: Clock;
  readonly report: Report;
  /** There is another pair. */
  readonly changed: (pair: ShownPair) => void;
  /** The files are of no use; the pair before stays. */
  readonly refused: (problem: string) => void;
}

/** A pair that is always good, or why there is none. */
export type PagesCertificate =
  | { readonly ok: true; readonly first: ShownPair; close(): Promise<void> | void }
  | { readonly ok: false; readonly problem: string };

/** The first pair; from then on `changed` is told each other one, in time. */
export function pagesCertificate(order: PagesCertificateOrder): Promise<PagesCertificate> {
  const { certificateFile: certificate, keyFile: key } = order;
  if (certificate !== undefined && key !== undefined) return fromFiles({ certificate, key }, order);
  if (certificate === undefined && key === undefined) return fromAuthority(order);
  const problem =
    "The certificate of the operator's pages and its key belong together: set both SMARTCALL_ADMIN_CERT and SMARTCALL_ADMIN_KEY.";
  return Promise.resolve({ ok: false, problem });
}

async function fromAuthority(order: PagesCertificateOrder): Promise<PagesCertificate> {
  const changed = (): void => {
    if (made.ok) order.changed(made.value.current());
  };
  const made = await renewedNetworkCertificate("admin", { ...order, changed });
  if (!made.ok) return { ok: false, problem: made.problem.message };
  return { ok: true, first: made.value.current(), close: () => made.value.close() };
}

async function fromFiles(
  paths: { readonly certificate: string; readonly key: string },
  order: PagesCertificateOrder,
): Promise<PagesCertificate> {
  let told: (read: KeyPairRead) => void = () => undefined;
  const first = new Promise<KeyPairRead>((resolve) => {
    told = resolve;
  });
  const watching = watchKeyPair(paths, (read) => told(read));
  const read = await first;
  if (read.kind === "refused") {
    await watching.close();
    return { ok: false, problem: sentenceOf(read.problems) };
  }
  told = (next) => {
    if (next.kind === "pair") order.changed(next);
    else order.refused(sentenceOf(next.problems));
  };
  return { ok: true, first: read, close: watching.close };
}

function sentenceOf(problems: readonly KeyPairProblem[]): string {
  return problems.map((problem) => `For the operator's pages, ${what(problem)}.`).join(" ");
}

function what({ kind, path, reason }: KeyPairProblem): string {
  switch (kind) {
    case "unreadable":
      return `${path} cannot be read (${reason})`;
    case "no-certificate":
      return `${path} has no certificate in PEM`;
    case "no-key":
      return `${path} has no private key in PEM`;
    case "mismatch":
      return `${path} is not the key of their certificate`;
  }
}
