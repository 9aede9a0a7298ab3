// Reads the file of a join token, and says what is wrong with it.

import { readFileSync, statSync } from "node:fs";

/** A join token and what is to be said of its file, or why there is none. */
export type JoinTokenFile =
  | {
      readonly ok: true;
      /** A secret. */
      readonly token: string;
      /** A sentence about a file that others may read. */
      readonly warning?: string;
    }
  | { readonly ok: false; readonly problem: string };

/**
 * Reads it.
 *
 * @param makeAnother what makes such a token, such as `smartcall join gateway g2`; undefined for
 *   the mesh's own
 */
export function readJoinTokenFile(file: string, makeAnother: string | undefined): JoinTokenFile {
  const how = makeAnother && `: make one with \`${makeAnother}\` where the control plane runs`;
  let text: string;
  let mode: number;
  try {
    text = readFileSync(file, "utf8").trim();
    ({ mode } = statSync(file));
  } catch {
    return { ok: false, problem: `there is no join token at ${file}${how ?? ""}` };
  }
  const shape = makeAnother === undefined ? anyToken : nodeToken;
  if (!shape.test(text)) {
    const what = text === "" ? "is empty" : "holds no join token";
    return { ok: false, problem: `${file} ${what}${how ?? ""}` };
  }
  if ((mode & 0o077) === 0) return { ok: true, token: text };
  const warning = `${file} is open to others of this machine, who could join as this node: close it with \`chmod 600 ${file}\`.`;
  return { ok: true, token: text, warning };
}

/** A JWT; or the mesh's own, which the control plane refuses there with a reason of its own. */
const nodeToken = /^(?=.{1,4096}$)([\w-]+\.[\w-]+\.[\w-]+|[\w-]{43})$/;
const anyToken = /^[\w.-]{1,4096}$/;
