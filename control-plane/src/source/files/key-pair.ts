// Reads and watches a certificate and its private key, PEM files that operators name.

import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { foldersToWatch } from "./folders-to-watch.ts";
import { standardTimes, type Watching, watchContent } from "./watch-content.ts";

/** Where a certificate and its key are. */
export interface KeyPairPaths {
  readonly certificate: string;
  readonly key: string;
}

/** A pair that fits together, or what is wrong with its files. */
export type KeyPairRead =
  | {
      readonly kind: "pair";
      /** PEM: the certificate, then those between it and its authority. */
      readonly certificateChain: string;
      /** PEM. Never logged or shown. */
      readonly privateKey: string;
      readonly notAfter: Date;
    }
  | { readonly kind: "refused"; readonly problems: readonly KeyPairProblem[] };

/** What is wrong with one of the two files. */
export interface KeyPairProblem {
  readonly kind: "unreadable" | "no-certificate" | "no-key" | "mismatch";
  readonly of: "certificate" | "key";
  readonly path: string;
  /** The operating system's word for it, such as `ENOENT`. */
  readonly reason: string;
}

/** Reads the two files, and proves that the key belongs to the certificate. */
export async function readKeyPair(paths: KeyPairPaths): Promise<KeyPairRead> {
  const problems: KeyPairProblem[] = [];
  const chain = await readPem(paths.certificate, "certificate", problems);
  const privateKey = await readPem(paths.key, "key", problems);
  const certificate = chain === undefined ? undefined : leafOf(chain);
  if (chain !== undefined && certificate === undefined) {
    problems.push({
      kind: "no-certificate",
      of: "certificate",
      path: paths.certificate,
      reason: "",
    });
  }
  const key = privateKey === undefined ? undefined : keyOf(privateKey);
  if (privateKey !== undefined && key === undefined) {
    problems.push({ kind: "no-key", of: "key", path: paths.key, reason: "" });
  }
  if (certificate !== undefined && key !== undefined && !certificate.checkPrivateKey(key)) {
    problems.push({ kind: "mismatch", of: "key", path: paths.key, reason: "" });
  }
  if (
    chain === undefined ||
    privateKey === undefined ||
    certificate === undefined ||
    problems.length > 0
  ) {
    return { kind: "refused", problems };
  }
  const notAfter = new Date(certificate.validTo);
  return { kind: "pair", certificateChain: chain, privateKey, notAfter };
}

/** Tells the pair at once, and again each time that the files' content changes. */
export function watchKeyPair(
  paths: KeyPairPaths,
  onChange: (read: KeyPairRead) => void,
  times = standardTimes,
): Watching {
  return watchContent<KeyPairRead>(
    {
      folders: async () => [
        ...(await foldersToWatch(paths.certificate)),
        ...(await foldersToWatch(paths.key)),
      ],
      read: () => readKeyPair(paths),
      keyOf: (read) => JSON.stringify(read),
      // The two are often written one after the other.
      isDoubtful: (read) => read.kind === "refused",
      onChange,
    },
    times,
  );
}

async function readPem(
  path: string,
  of: "certificate" | "key",
  problems: KeyPairProblem[],
): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    problems.push({ kind: "unreadable", of, path, reason });
    return undefined;
  }
}

/** Reading fails by exception in Node; here a file that is no key or certificate is expected. */
function leafOf(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function keyOf(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}
