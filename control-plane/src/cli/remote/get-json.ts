// Reads one page of a control plane.

import { parseObject } from "@smartcall/runtime";
import type { CommandEnd } from "../exit-codes.ts";
import { brokeOff, refusedWith, strange } from "./problems.ts";
import { ask } from "./request.ts";
import type { Server } from "./server.ts";

/** A page that is as it must be; or why there is none. */
export type Got<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly end: CommandEnd };

const patienceMs = 10_000;

/** GETs the page and checks that it is one. */
export async function getJson<T>(
  server: Server,
  path: string,
  isOne: (value: unknown) => value is T,
): Promise<Got<T>> {
  const asked = await ask(server, { method: "GET", path, patienceMs });
  if (!asked.ok) return asked;
  const { statusCode = 0 } = asked.response;
  let text = "";
  try {
    asked.response.setEncoding("utf8");
    for await (const piece of asked.response) text += String(piece);
  } catch (error) {
    return { ok: false, end: brokeOff(server, error) };
  }
  if (statusCode !== 200) return { ok: false, end: refusedWith(server, statusCode, text) };
  const value = parseObject(text);
  return isOne(value)
    ? { ok: true, value }
    : { ok: false, end: strange(server, `${path} is not as expected`) };
}
