// Has a control plane forget a gateway that will not come back.

import { isObject } from "@smartcall/runtime";
import { type CommandEnd, done } from "../exit-codes.ts";
import { postJson } from "./get-json.ts";
import { findServer } from "./server.ts";
import type { ServerSettings } from "./server-settings.ts";

/** Forgets it; fails where it is connected, or was never there. */
export async function forgetNode(settings: ServerSettings, node: string): Promise<CommandEnd> {
  const found = await findServer(settings);
  if (!found.ok) return found.end;
  const got = await postJson(found.server, "/nodes/forget", { node }, isObject);
  return got.ok ? done : got.end;
}
