// Reads and watches a file with the certificates of authorities, PEM, that operators name.

import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { foldersToWatch } from "./folders-to-watch.ts";
import { standardTimes, type Watching, watchContent } from "./watch-content.ts";

/** The certificates, or what is wrong with their file. */
export type AuthoritiesRead =
  /** PEM, with nothing that is no certificate. */
  | { readonly kind: "authorities"; readonly certificates: string }
  | {
      readonly kind: "refused";
      readonly problem: "unreadable" | "no-certificate";
      /** The operating system's word for it, such as `ENOENT`. */
      readonly reason: string;
    };

/** Reads the file, and proves that each certificate in it is one. */
export async function readAuthorities(path: string): Promise<AuthoritiesRead> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    return { kind: "refused", problem: "unreadable", reason };
  }
  const blocks = text.match(block) ?? [];
  return blocks.length > 0 && blocks.every(isCertificate)
    ? { kind: "authorities", certificates: `${blocks.join("\n")}\n` }
    : { kind: "refused", problem: "no-certificate", reason: "" };
}

/** Tells what the file holds at once, and again each time that it changes. */
export function watchAuthorities(
  path: string,
  onChange: (read: AuthoritiesRead) => void,
  times = standardTimes,
): Watching {
  return watchContent<AuthoritiesRead>(
    {
      folders: () => foldersToWatch(path),
      read: () => readAuthorities(path),
      keyOf: (read) => JSON.stringify(read),
      isDoubtful: (read) => read.kind === "refused",
      onChange,
    },
    times,
  );
}

const block = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** Reading fails by exception in Node; here a text that is no certificate is expected. */
function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
