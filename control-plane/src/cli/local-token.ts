// Mints a token with the signing keys in this machine's state folder.

import {
  defaultScope,
  loadSigningKeys,
  mintToken,
  openDirectoryState,
  type Token,
} from "../state/index.ts";

/** What a token is to say; what is left out is as for a developer on this machine. */
export interface LocalTokenRequest {
  /** The mesh's name. */
  readonly mesh: string;
  readonly lifetimeMs: number;
  readonly subject?: string;
  readonly scopes?: readonly string[];
  readonly claims?: Readonly<Record<string, string>>;
}

export type LocalToken =
  | { readonly ok: true; readonly token: Token }
  | { readonly ok: false; readonly problem: string };

/** Mints the token; the first signing key is made where there is none. */
export async function mintLocalToken(
  stateFolder: string,
  request: LocalTokenRequest,
): Promise<LocalToken> {
  const state = await openDirectoryState(stateFolder);
  if (!state.ok) return { ok: false, problem: state.problem.message };
  const now = new Date();
  const report = ({ message }: { readonly message: string }): void => {
    process.stderr.write(`smartcall: ${message}\n`);
  };
  const keys = await loadSigningKeys(state.value, { now, report });
  if (!keys.ok) return { ok: false, problem: keys.problem.message };
  const { subject = "developer", scopes = [defaultScope], claims = {}, mesh, lifetimeMs } = request;
  const minted = mintToken(keys.value, { mesh, subject, scopes, claims, lifetimeMs }, now);
  return minted.ok
    ? { ok: true, token: minted.value }
    : { ok: false, problem: minted.problem.message };
}
