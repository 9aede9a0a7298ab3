// A connection by HTTP/1.1 with JSON, that is opened once.
import { createSecureContext } from "node:tls";
import { Client } from "undici";
import { asking } from "../harness/rest.ts";
import { headersOf, of, pathOf, patienceMs, replyOf } from "./connections-line.ts";
import type { LinesTo, OpenLine } from "./connections-types.ts";

/** Opens them; ready with an answer of the edge's own. */
export function http1Lines(to: LinesTo): OpenLine {
  const secureContext = createSecureContext({ ca: to.ca });
  return async (number) => {
    const client = new Client(`https://127.0.0.1:${to.port}`, {
      pipelining: 1,
      keepAliveTimeout: patienceMs,
      keepAliveMaxTimeout: patienceMs,
      headersTimeout: patienceMs,
      bodyTimeout: patienceMs,
      connect: { secureContext, servername: "localhost", localAddress: of(to.from, number) },
    });
    let connections = 0;
    let open = false;
    client.on("connect", () => {
      connections += 1;
      open = true;
    });
    client.on("disconnect", () => {
      open = false;
    });
    const request = async (options: { method: "GET" | "POST"; path: string; body?: string }) => {
      const { body, headers, statusCode } = await client.request({
        ...options,
        headers: headersOf(to, number),
      });
      const text = await body.text();
      if (connections > 1) throw new Error("the connection was closed, and opened anew");
      return { status: statusCode, retryAfter: headers["retry-after"], text };
    };
    const { status } = await request({ method: "GET", path: "/healthz" });
    if (status !== 200) throw new Error(`/healthz answered ${status}`);
    return {
      call: async (ask) => {
        const body = JSON.stringify(asking(ask));
        return replyOf(await request({ method: "POST", path: pathOf(to), body }), ask);
      },
      isOpen: () => open,
    };
  };
}
