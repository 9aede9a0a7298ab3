// A port of loopback for a process that is about to start.

import { createServer } from "node:net";

/**
 * A port that nobody listens on, at any address: by chance, since two Envoys that choose the same
 * one at once would share its connections without a word.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    // Below those of connections that go out, which might take it before it is listened on.
    const port = 10_000 + Math.floor(Math.random() * 10_000);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen({ port, exclusive: true }, () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
}
