// A join token for one node, by the signing keys of a test's mesh.
import {
  joinAudience,
  joinScope,
  loadSigningKeys,
  mintToken,
  openDirectoryState,
} from "@smartcall/control-plane/dist/state/index.js";

/** @param subject such as `gateway/g2` */
export async function ownJoinToken(stateFolder: string, subject: string): Promise<string> {
  const now = new Date();
  const state = await openDirectoryState(stateFolder);
  const keys = state.ok && (await loadSigningKeys(state.value, { now, report: () => undefined }));
  if (keys === false || !keys.ok) throw new Error("the signing keys cannot be read");
  const order = { mesh: "test", subject, scopes: [joinScope], audience: joinAudience };
  const minted = mintToken(keys.value, { ...order, lifetimeMs: 600_000 }, now);
  if (!minted.ok) throw new Error(minted.problem.message);
  return minted.value.token;
}
