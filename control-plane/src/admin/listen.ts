// Listening for the operator, on this machine only.

import { createServer, type RequestListener } from "node:http";
import { isIP } from "node:net";

/** Pages that are served, or one sentence that says why they are not. */
export type Listening =
  | { readonly ok: true; readonly port: number; close(): Promise<void> }
  | { readonly ok: false; readonly problem: string };

/**
 * Serves pages on an address of loopback. Any other is refused, because the
 * pages ask nobody who they are. Port 0 takes a free one.
 */
export function listenOnLoopback(
  pages: RequestListener,
  address: { readonly host: string; readonly port: number },
): Promise<Listening> {
  const { host, port } = address;
  if (!isLoopback(host)) {
    const problem = `The operator's pages have no authentication, so they cannot listen on ${host}: use 127.0.0.1, ::1 or localhost.`;
    return Promise.resolve({ ok: false, problem });
  }
  const server = createServer(pages);
  return new Promise((resolve) => {
    server.once("error", (error) => {
      const problem = `The operator's pages cannot listen on ${host}:${port}: ${error.message}.`;
      resolve({ ok: false, problem });
    });
    server.listen(port, host, () => {
      const bound = server.address();
      resolve({
        ok: true,
        port: typeof bound === "object" && bound !== null ? bound.port : port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}

/** Whether a host can only be reached from this machine. */
export function isLoopback(host: string): boolean {
  if (host === "localhost" || host === "::1") return true;
  return isIP(host) === 4 && host.startsWith("127.");
}
