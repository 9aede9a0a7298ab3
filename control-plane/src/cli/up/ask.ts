// Asks the parts of a mesh, over HTTP and HTTPS, whether they are ready.

import { get as getPlain } from "node:http";
import { get as getSecure, type RequestOptions } from "node:https";

/** An answer: its status, 0 where none came, and its body. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

const noAnswer: Answer = { status: 0, body: "" };
const limitMs = 2_000;

/** GETs the URL; the options say where else to connect, and whom to trust where it is HTTPS. */
export function ask(url: string, more: RequestOptions = {}): Promise<Answer> {
  return new Promise((resolve) => {
    const options = { agent: false, timeout: limitMs, ...more };
    const get = url.startsWith("https:") ? getSecure : getPlain;
    const request = get(url, options, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        body += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
      response.on("error", () => resolve(noAnswer));
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(noAnswer));
  });
}
