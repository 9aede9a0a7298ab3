// The path of a Unix socket, made free to listen on.

import { existsSync, mkdirSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { dirname } from "node:path";

/** The longest path of a socket that Linux takes, in bytes. */
export const longestSocketPath = 107;

/**
 * Makes the socket's folder, for this user alone, and removes a socket that
 * nobody listens on: a killed process left it. Says why it cannot be listened on.
 */
export async function claimSocket(path: string): Promise<"free" | "too long" | "in use"> {
  if (Buffer.byteLength(path) > longestSocketPath) return "too long";
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (existsSync(path)) {
    if (await isListenedOn(path)) return "in use";
    rmSync(path, { force: true });
  }
  return "free";
}

function isListenedOn(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = createConnection(path);
    const say = (answer: boolean) => (): void => {
      connection.destroy();
      resolve(answer);
    };
    connection.once("connect", say(true));
    connection.once("error", say(false));
  });
}
