// The connection to Redis, and what hinders it.

import { Redis } from "ioredis";
import type { Kept } from "../ledger.ts";
import type { Script } from "./scripts.ts";

/** The longest that a command may take, in milliseconds; then its outcome is not known. */
const commandMs = 1_000;
const longestBackOffMs = 1_000;
/** How many keys are looked at in one step. */
const scanned = 1_000;

/** Told of what becomes of the connection. */
export interface ConnectionTold {
  /** It was lost, or is refused, and is tried again. */
  lost(problem: string): void;
  ready(): void;
}

/** Does things in Redis. */
export interface Connection {
  run(
    script: Script,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<Kept<unknown>>;
  /** The hashes whose keys fit the pattern. */
  hashes(pattern: string): Promise<Kept<readonly (readonly [string, unknown])[]>>;
  /** What its configuration says under a name; undefined where it does not tell. */
  configured(name: string): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Connects, and goes on trying until `close`. */
export function connect(url: string, told: ConnectionTold): Connection {
  const redis = new Redis(url, {
    // What cannot be sent at once fails at once: the caller's route says what becomes of the call.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    // A command that was sent may have been done: only who asked knows whether to ask again.
    autoResendUnfulfilledCommands: false,
    commandTimeout: commandMs,
    connectTimeout: commandMs,
    keepAlive: 5_000,
    enableAutoPipelining: true,
    retryStrategy: (times) => Math.min(times * 50, longestBackOffMs),
  });
  let closed = false;
  const lost = (problem: string): void => {
    if (!closed) told.lost(problem);
  };
  redis.on("error", (error) => lost(error.message));
  redis.on("close", () => lost("the connection was closed"));
  redis.on("ready", () => told.ready());
  return {
    run: (script, keys, args) =>
      kept(async () => {
        try {
          return await redis.evalsha(script.sha, keys.length, ...keys, ...args);
        } catch (error) {
          if (!sentenceOf(error).startsWith("NOSCRIPT")) throw error;
          return await redis.eval(script.text, keys.length, ...keys, ...args);
        }
      }),
    hashes: (pattern) =>
      kept(async () => {
        const found = new Map<string, unknown>();
        let cursor = "0";
        do {
          const [next, keys] = await redis.scan(cursor, "MATCH", pattern, "COUNT", scanned);
          const hashes = await Promise.all(keys.map((key) => redis.hgetall(key)));
          for (const [place, key] of keys.entries()) found.set(key, hashes[place]);
          cursor = next;
        } while (cursor !== "0");
        return [...found];
      }),
    async configured(name) {
      try {
        const [, value] = Object.values(await redis.config("GET", name)).flat();
        return typeof value === "string" ? value : undefined;
      } catch {
        return undefined;
      }
    },
    async close() {
      closed = true;
      await redis.quit().catch(() => redis.disconnect());
    },
  };
}

async function kept<T>(work: () => Promise<T>): Promise<Kept<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, problem: `Redis says: ${sentenceOf(error)}.` };
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
