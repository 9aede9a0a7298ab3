// Changes of the keys that tokens are signed with.
import { publishingMs } from "@smartcall/control-plane/dist/state/signing-keys.js";
import { pause } from "../harness/eventually.ts";
import { textAt } from "../harness/json.ts";
import { smartcall } from "../harness/smartcall.ts";
import type { Changing } from "./kinds.ts";

/** `smartcall key rotate`; then calls have a token by the key that signs from then on. */
export async function rotateSigningKey({ world, time, callAs }: Changing): Promise<void> {
  const { mesh } = world;
  const before = keyOf(await mesh.token({ subject: `before-${time}` }));
  const { code, output } = await smartcall(["key", "rotate"], { cwd: mesh.folder, env: mesh.env });
  if (code !== 0) throw new Error(output);
  await pause(publishingMs + 100);
  const token = await mesh.token({ subject: `after-${time}` });
  if (keyOf(token) === before) throw new Error("the key before still signs");
  await callAs(() => token);
}

/**
 * The file gets a second key beside the first, callers get tokens by it, and the first goes.
 */
export async function rotateIssuerKey({ world, time, callAs }: Changing): Promise<void> {
  const [old, next] = [`key-${time - 1}`, `key-${time}`].map((kid) => world.corp(kid));
  if (old === undefined || next === undefined) throw new Error("no issuer");
  world.write("corp.json", together([old.keys, next.keys]));
  await world.callable("moved", next.token());
  await callAs(() => next.token());
  world.write("corp.json", next.keys);
}

function together(sets: readonly string[]): string {
  const keys = sets.flatMap((set): unknown[] => JSON.parse(set).keys);
  return JSON.stringify({ keys });
}

function keyOf(token: string): string {
  const [head = ""] = token.split(".");
  return textAt(JSON.parse(Buffer.from(head, "base64url").toString("utf8")), "kid");
}
