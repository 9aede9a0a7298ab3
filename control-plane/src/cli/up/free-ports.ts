// Checks that the ports of a mesh are free, before Envoy would share one silently (SO_REUSEPORT).

import { createServer } from "node:net";
import { portOwner } from "./port-owner.ts";

/** One address that a mesh listens on. */
export interface WantedPort {
  readonly host: string;
  readonly port: number;
  /** Such as `the operator's pages`. */
  readonly use: string;
  /** How to choose another, such as `set SMARTCALL_ADMIN`. */
  readonly remedy: string;
}

/** A sentence for each port that cannot be had. */
export async function takenPorts(wanted: readonly WantedPort[]): Promise<readonly string[]> {
  const problems = await Promise.all(wanted.map(problemOf));
  return [...twice(wanted), ...problems.filter((problem) => problem !== undefined)];
}

function twice(wanted: readonly WantedPort[]): readonly string[] {
  return wanted.flatMap((one, index) => {
    const other = wanted.slice(0, index).find((earlier) => earlier.port === one.port);
    if (other === undefined) return [];
    return [`Port ${one.port} is wanted for ${other.use} and for ${one.use}: ${one.remedy}.`];
  });
}

async function problemOf({ host, port, use, remedy }: WantedPort): Promise<string | undefined> {
  const code = await tryPort(host, port);
  if (code === undefined) return undefined;
  if (code === "EADDRINUSE") {
    const owner = portOwner(port);
    const who = owner === undefined ? "another process" : `another process (${owner})`;
    return `Port ${port}, for ${use}, is used by ${who}: end it, or ${remedy}.`;
  }
  if (code === "EACCES") {
    return `Port ${port}, for ${use}, needs rights that you do not have: ${remedy} above 1023.`;
  }
  return `Port ${port}, for ${use}, cannot be listened on at ${host} (${code}): ${remedy}.`;
}

function tryPort(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
