// The page that Prometheus reads.

import { createServer } from "node:http";

/** What is shown: a registry of prom-client. */
export interface Metrics {
  readonly contentType: string;
  metrics(): Promise<string>;
}

/** A page that is served. */
export interface MetricsPage {
  /** Such as `http://127.0.0.1:40001/metrics`. */
  readonly url: string;
  close(): void;
}

/** Serves `/metrics` on a free port of 127.0.0.1. Rejects where none can be bound. */
export function startMetricsPage(registry: Metrics): Promise<MetricsPage> {
  const server = createServer((request, response) => {
    if (request.method !== "GET" || request.url !== "/metrics") {
      response.writeHead(404).end();
      return;
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { "content-type": registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      resolve({
        url: `http://127.0.0.1:${port}/metrics`,
        close() {
          server.close();
          server.closeAllConnections();
        },
      });
    });
  });
}
