// Lets one process at a time do something of a name, in one copy of this repository.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { root } from "../checks/repository.ts";

/** Lets the next one do it. */
export type LetGo = () => Promise<void>;

/**
 * Undefined where another process does it. It is held by a socket without a file, which Linux
 * closes with the process however that ends, so that nothing is left behind.
 */
export async function holdAlone(name: string): Promise<LetGo | undefined> {
  const server = createServer();
  const here = createHash("sha256").update(root).digest("hex").slice(0, 16);
  server.listen(`\0smartcall-${here}-${name}`);
  try {
    await once(server, "listening");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") return undefined;
    throw error;
  }
  server.unref();
  return () => new Promise((resolve) => server.close(() => resolve()));
}
