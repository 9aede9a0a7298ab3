// Calls by REST over HTTP/1.1, as a program with a pool of connections would.
import { type Dispatcher, Pool } from "undici";
import {
  type Answered,
  connections,
  type Door,
  type Kind,
  type Target,
  texts,
} from "./load-types.ts";

/** Opens the pool; connections are made with the first calls. */
export function openRest({ origin, ca, agent, token }: Target): Door {
  const pool = new Pool(origin, {
    connections,
    pipelining: 1,
    ...(ca === undefined ? {} : { connect: { ca } }),
  });
  const headers = {
    "content-type": "application/json",
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const requests = { unary: request("unary", "invoke"), stream: request("stream", "stream") };
  function request(kind: Kind, method: string): Dispatcher.DispatchOptions {
    const body = JSON.stringify({ messages: [{ role: "user", content: texts[kind] }] });
    return { method: "POST", path: `/v1/agents/${agent}:${method}`, headers, body };
  }
  return {
    call: (kind) =>
      new Promise((resolve, reject) => {
        pool.dispatch(requests[kind], reader(kind, resolve, reject));
      }),
    close: () => void pool.destroy(),
  };
}

function reader(
  kind: Kind,
  resolve: (answered: Answered) => void,
  reject: (problem: Error) => void,
): Dispatcher.DispatchHandler {
  const begin = performance.now();
  let first = 0;
  let status = 0;
  const chunks: Buffer[] = [];
  return {
    onRequestStart: () => undefined,
    onResponseStart: (_, code) => {
      status = code;
    },
    onResponseData: (_, chunk) => {
      if (chunks.length === 0) first = performance.now() - begin;
      chunks.push(chunk);
    },
    onResponseEnd: () => {
      const whole = performance.now() - begin;
      const body = Buffer.concat(chunks).toString("latin1");
      const events = kind === "stream" ? body.split("data: ").length - 1 : 0;
      // The last event says how it ended; without one the stream is broken.
      const isWhole = body.includes(kind === "stream" ? '"done":{' : '"finishReason":"stop"');
      if (status === 200 && isWhole) resolve({ first, whole, events });
      else reject(new Error(`REST answered ${status}: ${body.slice(0, 300)}`));
    },
    onResponseError: (_, error) => reject(error),
  };
}
