// Starts a mesh where nothing runs, and tells when it answered its first call and what that cost.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { mintLocalToken } from "@smartcall/control-plane/dist/cli/local-token.js";
import { cpuSecondsWithEnded, residentMegabytes } from "../bench/process-cost.ts";
import { endGroup } from "../harness/child.ts";
import { textAt } from "../harness/json.ts";
import { type MeshPlace, prepareMesh, removePlace, startUp } from "../harness/mesh.ts";
import { noneMarked } from "../harness/processes.ts";
import { asking, callRest } from "../harness/rest.ts";
import { meshProcesses } from "./mesh-processes.ts";

/** One start. */
export interface Start {
  /** From the start of the program until its greeting was whole, in milliseconds. */
  readonly greetedMs: number;
  /** From the start of the program until a call was answered, in milliseconds. */
  readonly answeredMs: number;
  /** Processor seconds of all processes until then, those that ended as well. */
  readonly cpuSeconds: number;
  /** What each process had used and held by then. */
  readonly parts: readonly Part[];
}

/** One process of a mesh. */
export interface Part {
  readonly name: string;
  readonly cpuSeconds: number;
  readonly megabytes: number;
}

/** Starts `echo` in a folder without state, calls it, and ends all of it. */
export async function startOnce(): Promise<Start> {
  const place = await prepareMesh();
  const begin = performance.now();
  const up = startUp(place);
  try {
    await up.says(/Stop +Ctrl-C/);
    const greetedMs = performance.now() - begin;
    await firstCall(place);
    const answeredMs = performance.now() - begin;
    const parts = meshProcesses(place.mark).map(({ pid, name }) => ({
      name,
      cpuSeconds: cpuSecondsWithEnded(pid),
      megabytes: residentMegabytes(pid),
    }));
    const cpuSeconds = parts.reduce((sum, part) => sum + part.cpuSeconds, 0);
    return { greetedMs, answeredMs, cpuSeconds, parts };
  } finally {
    await endGroup(up);
    await noneMarked(place.mark);
    removePlace(place);
  }
}

async function firstCall({ stateFolder, port }: MeshPlace): Promise<void> {
  const minted = await mintLocalToken(stateFolder, { mesh: "test", lifetimeMs: 60_000 });
  if (!minted.ok) throw new Error(minted.problem);
  const ca = readFileSync(join(stateFolder, "ca.pem"), "utf8");
  const { token } = minted.token;
  const call = { path: "/v1/agents/echo:invoke", token, body: asking("Hello") };
  const { status, text, json } = await callRest({ url: `https://localhost:${port}`, ca }, call);
  if (status !== 200 || textAt(json, "message", "content") !== "Hello") {
    throw new Error(`the first call was answered ${status} ${text}`);
  }
}
