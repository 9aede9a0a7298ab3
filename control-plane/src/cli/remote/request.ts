// Asks a control plane for a page.

import { type IncomingMessage, request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";
import type { CommandEnd } from "../exit-codes.ts";
import { unreachable } from "./problems.ts";
import type { Server } from "./server.ts";
import { tlsOptions } from "./trust.ts";

/** What is asked. */
export interface Order {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** JSON. */
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** How long nothing may come, in milliseconds. */
  readonly patienceMs: number;
}

/** The head of an answer, with its body to be read; or why there is none. */
export type Asked =
  | { readonly ok: true; readonly response: IncomingMessage }
  | { readonly ok: false; readonly end: CommandEnd };

/** Sends the request; resolves when the answer's head is there, whatever its status. */
export function ask(server: Server, order: Order): Promise<Asked> {
  const { method, path, body, signal, patienceMs } = order;
  const headers = {
    accept: "application/json, application/x-ndjson",
    ...(server.token !== undefined && { authorization: `Bearer ${server.token}` }),
    ...(body !== undefined && {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    }),
  };
  const common = { method, headers, agent: false, timeout: patienceMs, ...(signal && { signal }) };
  return new Promise((resolve) => {
    const url = new URL(path, server.url);
    const sent =
      url.protocol === "http:"
        ? requestPlain(url, common)
        : requestSecure(url, { ...common, ...tlsOptions(server.trust) });
    sent.once("response", (response) => resolve({ ok: true, response }));
    sent.once("timeout", () => sent.destroy(new SilenceError(patienceMs)));
    sent.on("error", (error) => resolve({ ok: false, end: unreachable(server, error) }));
    sent.end(body);
  });
}

/** Nothing came for too long. */
export class SilenceError extends Error {
  readonly code = "ETIMEDOUT";
  constructor(ms: number) {
    super(`nothing came for ${ms / 1000} s`);
  }
}
