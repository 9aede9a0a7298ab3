// Keeps streams open, half by REST and half by gRPC, and as many by WebSocket, and looks at each event of each.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StatusObject } from "@grpc/grpc-js";
import type { agentPb } from "@smartcall/protos";
import { openEvents } from "../harness/events.ts";
import { clientFor, metadataOf, saying } from "../harness/grpc.ts";
import { numberAt, textAt, valueAt } from "../harness/json.ts";
import type { Mesh } from "../harness/mesh.ts";
import { asking } from "../harness/rest.ts";
import { openSocket, turnOf } from "../harness/socket.ts";

/** What became of the streams. */
export interface StreamsResult {
  readonly events: number;
  /** A sentence for each that is not whole: an event missing, twice, or no last one. */
  readonly broken: readonly string[];
  /** The longest that anybody waited for an event, in milliseconds. */
  readonly longestWaitMs: number;
}

/** Streams that run. */
export interface Streams {
  /** How many have said something, and have not ended: calls, and as many WebSockets. */
  open(): number;
  /** Lets them come to their end, and says how they were. */
  finish(): Promise<StreamsResult>;
}

/** Who is asked, and as whom. */
export interface StreamsOptions {
  readonly count: number;
  /** In turn; each counts `until FILE`. */
  readonly agents: readonly string[];
  readonly token: string;
  /** Whether as many WebSockets are open; true unless given. */
  readonly sockets?: boolean;
}

/** Opens them. They last until they are told to finish, or break. */
export function startStreams(
  mesh: Pick<Mesh, "url" | "ca" | "folder">,
  { count, agents, token, sockets = true }: StreamsOptions,
): Streams {
  files += 1;
  const file = join(mesh.folder, `finish-${files}`);
  const lanes = Array.from({ length: sockets ? 2 * count : count }, (_, index) => {
    const byCall = index < count;
    const byRest = index % 2 === 0;
    const agent = agents[Math.floor(index / 2) % agents.length] ?? "";
    const door = byCall ? (byRest ? "REST" : "gRPC") : "WebSocket";
    const seen = createSeen(`${door} ${agent}`);
    const read = byCall ? (byRest ? readRest : readGrpc) : readSocket;
    const over = read(mesh, { agent, token, text: `until ${file}` }, seen)
      .catch((error: unknown) => seen.wrong(String(error)))
      .finally(seen.end);
    return { byCall, over, seen };
  });
  const openOf = (calls: boolean): number =>
    lanes.filter(({ byCall, seen }) => byCall === calls && seen.running()).length;
  return {
    open: () => (sockets ? Math.min(openOf(true), openOf(false)) : openOf(true)),
    finish: async () => {
      writeFileSync(file, "");
      await Promise.all(lanes.map(({ over }) => over));
      return {
        events: lanes.reduce((sum, { seen }) => sum + seen.events(), 0),
        broken: lanes.flatMap(({ seen }) => seen.problems),
        longestWaitMs: Math.max(...lanes.map(({ seen }) => seen.longestWaitMs())),
      };
    },
  };
}

let files = 0;

/** An event of either door. */
interface Heard {
  readonly sequence: number;
  readonly said: string | undefined;
  readonly finishReason: string | undefined;
}

interface Seen {
  readonly problems: readonly string[];
  note(heard: Heard): void;
  wrong(what: string): void;
  end(): void;
  running(): boolean;
  events(): number;
  longestWaitMs(): number;
}

function createSeen(name: string): Seen {
  const problems: string[] = [];
  let events = 0;
  let done = false;
  let over = false;
  let longest = 0;
  let last = performance.now();
  const wrong = (what: string): void => {
    problems.push(`${new Date().toISOString()} ${name}, after ${events} events: ${what}`);
  };
  return {
    problems,
    wrong,
    note({ sequence, said, finishReason }) {
      const at = performance.now();
      longest = Math.max(longest, at - last);
      last = at;
      if (done) wrong("something comes after the last event");
      events += 1;
      if (sequence !== events) wrong(`its next event has the number ${sequence}`);
      if (finishReason !== undefined) {
        done = true;
        if (finishReason !== "stop") wrong(`it finishes with ${finishReason}`);
      } else if (said !== `${events} `) wrong(`it says ${said}`);
    },
    end() {
      over = true;
      if (!done) wrong("it ends without its last event");
    },
    running: () => events > 0 && !over,
    events: () => events,
    longestWaitMs: () => longest,
  };
}

interface Asked {
  readonly agent: string;
  readonly token: string;
  readonly text: string;
}

async function readRest(
  mesh: Pick<Mesh, "url" | "ca">,
  { agent, token, text }: Asked,
  seen: Seen,
): Promise<void> {
  const path = `/v1/agents/${agent}:stream`;
  const { status, events } = await openEvents(mesh, { path, token, body: asking(text) });
  if (status !== 200) throw new Error(`status ${status}`);
  for await (const { event } of events) {
    const isDone = valueAt(event, "done") !== undefined;
    seen.note({
      sequence: numberAt(event, "sequence"),
      said: textAt(event, "delta", "content"),
      finishReason: isDone ? textAt(event, "done", "finishReason") : undefined,
    });
  }
}

async function readGrpc(
  mesh: Pick<Mesh, "url" | "ca">,
  { agent, token, text }: Asked,
  seen: Seen,
): Promise<void> {
  const client = clientFor(mesh);
  const stream = client.stream(saying(text), metadataOf({ agent, token }));
  stream.on("data", (event: agentPb.StreamEvent) => {
    seen.note({
      sequence: event.getSequence(),
      said: event.getDelta()?.getContent(),
      finishReason: event.getDone()?.getFinishReason(),
    });
  });
  stream.on("error", () => undefined);
  const status = await new Promise<StatusObject>((resolve) => stream.once("status", resolve));
  client.close();
  if (status.code !== 0) throw new Error(`status ${status.code}: ${status.details}`);
}

async function readSocket(
  mesh: Pick<Mesh, "url" | "ca">,
  { agent, token, text }: Asked,
  seen: Seen,
): Promise<void> {
  const caller = await openSocket(mesh, { agent, token });
  const ended = new Promise<void>((resolve, reject) => {
    caller.socket.on("message", (data) => {
      const frame: unknown = JSON.parse(String(data));
      const event = valueAt(frame, "event");
      if (event === undefined) {
        // One that is to go lets its turn end.
        const type = textAt(frame, "type");
        if (type !== "ready" && type !== "draining") reject(new Error(String(data)));
        return;
      }
      const isDone = valueAt(event, "done") !== undefined;
      seen.note({
        sequence: numberAt(event, "sequence"),
        said: isDone ? undefined : textAt(event, "delta", "content"),
        finishReason: isDone ? textAt(event, "done", "finishReason") : undefined,
      });
      if (isDone) resolve();
      else if (valueAt(event, "error") !== undefined) reject(new Error(String(data)));
    });
    caller.closed.then(
      ({ code, reason }) => reject(new Error(`closed: ${code} ${reason}`)),
      reject,
    );
  });
  caller.send(turnOf("one", text));
  await ended;
  caller.close();
}
