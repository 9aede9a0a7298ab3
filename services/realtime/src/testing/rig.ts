// The service between a test's caller and what it has in the place of the gateway.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "@bufbuild/protobuf";
import { createLog } from "@smartcall/runtime";
import { createManualClock, type ManualClock } from "@smartcall/runtime/testing";
import { WebSocket } from "ws";
import { isObject, parseObject } from "../json.ts";
import { type RealtimeOptions, startRealtime } from "../start-realtime.ts";
import { type Inside, startInside } from "./inside.ts";

/** The service, and both of its sides. */
export interface Rig {
  readonly inside: Inside;
  readonly clock: ManualClock;
  /** What was logged, and what is counted. */
  log(): string;
  metrics(): Promise<string>;
  /** Waits until this one is so much; throws where it never is. */
  counts(metric: string, value: number): Promise<void>;
  /** Opens a socket as the gateway does, with these headers besides. */
  open(headers?: Readonly<Record<string, string>>, query?: string): Promise<Caller>;
  /** Ends the service, as at its end. */
  drain(): Promise<void>;
  stop(): Promise<void>;
}

/** A caller's end of a socket. */
export interface Caller {
  readonly socket: WebSocket;
  readonly frames: readonly JsonObject[];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  send(frame: unknown): void;
  say(conversation: string, content: string, more?: object): void;
  /** The frames that fit so far, once there are so many. */
  awaits(count: number, fits: (frame: JsonObject) => boolean): Promise<readonly JsonObject[]>;
  /** The last frames of turns of the conversation, once there are so many. */
  ends(conversation: string, count?: number): Promise<readonly JsonObject[]>;
}

/** The header by which the gateway says whom it let in, for so long from 1970 on. */
export function claims(subject: string, seconds: number): string {
  return part({ iss: "issuer", sub: subject, exp: seconds });
}

/** A token whose claims are these; nobody signed it. */
export function tokenOf(subject: string, seconds: number): string {
  return `${part({})}.${claims(subject, seconds)}.signature`;
}

/**
 * Starts it.
 *
 * @param more the bounds, where they are not the usual ones
 */
export async function startRig(
  more: Pick<RealtimeOptions, "incoming" | "memory"> = {},
): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), "smartcall-rt-"));
  const clock = createManualClock(1_000_000);
  const path = join(folder, "realtime.sock");
  const inside = await startInside(join(folder, "inside.sock"));
  const lines: string[] = [];
  const started = await startRealtime({
    path,
    inside: `unix:${join(folder, "inside.sock")}`,
    drainSeconds: 0,
    ...more,
    clock,
    log: createLog("realtime", "info", { write: (line) => lines.push(line) }),
  });
  if (!started.ok) throw new Error(started.problem);
  const { service } = started;
  const callers = new Set<WebSocket>();
  return {
    inside,
    clock,
    log: () => lines.join(""),
    metrics: () => service.registry.metrics(),
    async counts(metric, value) {
      const line = `smartcall_realtime_${metric} ${value}`;
      for (let tries = 0; tries < 500; tries += 1) {
        if ((await service.registry.metrics()).split("\n").includes(line)) return;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error(`not ${line}`);
    },
    drain: () => service.close(),
    async open(headers = {}, query = "") {
      const socket = new WebSocket(`ws+unix:${path}:/v1/agents/echo:converse${query}`, {
        headers: { host: "mesh.example", "smartcall-agent": "echo", ...headers },
      });
      callers.add(socket);
      return callerOf(socket);
    },
    async stop() {
      for (const socket of callers) socket.terminate();
      inside.release();
      await service.close();
      inside.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function callerOf(socket: WebSocket): Promise<Caller> {
  const frames: JsonObject[] = [];
  socket.on("message", (data) => frames.push(parseObject(String(data)) ?? {}));
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once("close", (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  socket.on("error", () => undefined);
  const awaits: Caller["awaits"] = async (count, fits) => {
    for (let tries = 0; tries < 2_000; tries += 1) {
      const found = frames.filter(fits);
      if (found.length >= count) return found;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`not among ${JSON.stringify(frames.slice(-5))}`);
  };
  const send = (frame: unknown): void =>
    socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  return {
    socket,
    frames,
    closed,
    send,
    awaits,
    say: (conversation, content, more = {}) =>
      send({ type: "turn", conversation, message: { role: "user", content }, ...more }),
    ends: (conversation, count = 1) =>
      awaits(
        count,
        ({ conversation: of, event, type }) =>
          of === conversation &&
          (type === "refused" || (isObject(event) && ("done" in event || "error" in event))),
      ),
  };
}

function part(json: object): string {
  return Buffer.from(JSON.stringify(json)).toString("base64url");
}
