// Envoy as a child that writes its access log to us and its own log into memory.

import { type ChildProcess, spawn } from "node:child_process";
import { envoyArguments } from "@smartcall/envoy";

/** A running Envoy. */
export interface EnvoyProcess {
  /** How it ended by itself, with its last words; undefined while it runs. */
  died(): string | undefined;
  /** Kills it, and waits until it is gone. */
  kill(): Promise<void>;
}

/** Starts it; `accessLog` gets what it writes to standard output. */
export function startEnvoy(
  binary: string,
  bootstrapFile: string,
  folder: string,
  accessLog: (text: string) => void,
): EnvoyProcess {
  const args = envoyArguments(bootstrapFile, 1, flushMs);
  const child = spawn(binary, args, {
    cwd: folder,
    // Not of our process group: a terminal's Ctrl-C is for us alone, and we end it.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let words = "";
  let died: string | undefined;
  child.stdout.setEncoding("utf8").on("data", accessLog);
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    words = (words + text).slice(-longest);
  });
  const gone = new Promise<void>((resolve) => {
    const end = (how: string): void => {
      died ??= `${how}${lastWords(words)}`;
      resolve();
    };
    child.once("error", (error) => end(error.message));
    child.once("close", (code, signal) => end(signal ?? `exit code ${code}`));
  });
  return {
    died: () => died,
    kill: () => {
      signal(child);
      return gone;
    },
  };
}

/** In milliseconds; a call's line is what tells which route took it. */
const flushMs = 20;

/** How much of its own log is kept, in characters. */
const longest = 16_384;

function signal(child: ChildProcess): void {
  if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
}

function lastWords(log: string): string {
  const lines = log.split("\n").filter((line) => line.trim() !== "");
  const last = lines.at(-1);
  if (last === undefined) return "";
  return `: ${/"msg":"((?:[^"\\]|\\.)*)"/.exec(last)?.[1] ?? last}`;
}
