// Serves a folder of pages to a browser of this machine.
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { portOf } from "./ports.ts";

/** A site that is served. */
export interface Site {
  /** Such as `http://localhost:1234`. */
  readonly url: string;
  stop(): Promise<void>;
}

const types: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".txt": "text/plain",
  ".woff2": "font/woff2",
};

/** The file of a folder that a path of its site stands for, if there is one. */
export function fileOf(folder: string, path: string): string | undefined {
  const asked = join(folder, normalize(decodeURIComponent(path)));
  const file = path.endsWith("/") ? join(asked, "index.html") : asked;
  return existsSync(file) && statSync(file).isFile() ? file : undefined;
}

/** Serves it on a free port of this machine. */
export async function serveSite(folder: string): Promise<Site> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const file = fileOf(folder, pathname);
    response.writeHead(file === undefined ? 404 : 200, {
      "content-type": types[extname(file ?? "")] ?? "application/octet-stream",
    });
    response.end(file === undefined ? "" : readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://localhost:${portOf(server)}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
