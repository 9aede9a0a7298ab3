// Reads one page of a control plane, or has it do something.

import { parseObject } from "@smartcall/runtime";
import type { CommandEnd } from "../exit-codes.ts";
import { brokeOff, refusedWith, strange } from "./problems.ts";
import { ask, type Order } from "./request.ts";
import type { Server } from "./server.ts";

/** A page that is as it must be; or why there is none. */
export type Got<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly end: CommandEnd };

const patienceMs = 10_000;

/** GETs the page and checks that it is one. */
export function getJson<T>(
  server: Server,
  path: string,
  isOne: (value: unknown) => value is T,
): Promise<Got<T>> {
  return askJson(server, { method: "GET", path, patienceMs }, isOne);
}

/** POSTs to the page and checks what it answers. */
export function postJson<T>(
  server: Server,
  path: string,
  body: object,
  isOne: (value: unknown) => value is T,
): Promise<Got<T>> {
  const order = { method: "POST", path, body: JSON.stringify(body), patienceMs } as const;
  return askJson(server, order, isOne);
}

async function askJson<T>(
  server: Server,
  order: Order,
  isOne: (value: unknown) => value is T,
): Promise<Got<T>> {
  const asked = await ask(server, order);
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
    : { ok: false, end: strange(server, `${order.path} is not as expected`) };
}
