// Asks the gateway which of its listeners lets sockets in.

import { connect } from "node:http2";
import { createConnection } from "node:net";

/** How long the gateway may take to say, in milliseconds. */
const patienceMs = 5_000;

/**
 * What it says at `/healthz`; undefined where it says nothing.
 *
 * @param target such as `unix:inside.sock`
 */
export function askListener(target: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection(target.replace(/^unix:/, ""));
    const session = connect("http://inside", { createConnection: () => socket });
    const say = (listener: string | undefined): void => {
      resolve(listener);
      session.destroy();
    };
    session.on("error", () => say(undefined));
    session.setTimeout(patienceMs, () => say(undefined));
    const asked = session.request({ ":path": "/healthz" });
    asked.on("error", () => say(undefined));
    asked.on("close", () => say(undefined));
    asked.on("response", ({ "smartcall-listener": listener }) => {
      say(typeof listener === "string" ? listener : undefined);
    });
    asked.end();
  });
}
