// The mesh that ten thousand connect to: what runs in it, what it is called with, what its processes hold.
import { readFileSync } from "node:fs";
import {
  loadSigningKeys,
  mintToken,
  openDirectoryState,
} from "@smartcall/control-plane/dist/state/index.js";
import { envoyStat } from "../harness/envoy-stats.ts";
import type { Mesh } from "../harness/mesh.ts";
import { processesMarked } from "../harness/processes.ts";
import { type Clients, startClients } from "./connections-clients.ts";
import type { LineKind } from "./connections-types.ts";
import { roleOf } from "./role.ts";
import { type Usage, watchUsage } from "./usage.ts";
import { withMesh } from "./with-mesh.ts";

/** A running mesh with the agent `gathering`, behind its sidecar. */
export interface CrowdedMesh {
  /** How many files the edge's Envoy may have open. */
  readonly edgeFiles: number;
  /** Starts callers, with so many subjects among them; they end with the mesh. */
  clients(kind: LineKind, subjects?: number): Promise<Clients>;
  /** What the mesh used while something was done, and the calls that the edge had at once. */
  watched<T>(doing: () => Promise<T>): Promise<Watched<T>>;
}

/** What was seen while something was done. */
export interface Watched<T> {
  readonly result: T;
  readonly usage: Usage;
  /** Calls that the edge had at once, a number for each second. */
  readonly inFlight: readonly number[];
}

/** How many connect. */
export const crowd = 10_000;
/** How many of them a second: below the edge's own bound. */
export const perSecond = 800;

const agent = "gathering";
/** Callers come from each of them, for one has but 28,000 ports. */
const from = ["127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"];
const lookMs = 1_000;

/** Starts it, for as long as it is used; no call of it is cut before ten minutes. */
export function withCrowdedMesh<T>(use: (mesh: CrowdedMesh) => Promise<T>): Promise<T> {
  const routes = [`{ name: ${agent}, match: { agent: ${agent} }, timeout: 10m }`];
  return withMesh({ services: [], routes }, [agent], async (mesh) => {
    const all: Clients[] = [];
    try {
      return await use(crowded(mesh, all));
    } finally {
      for (const clients of all) clients.stop();
    }
  });
}

function crowded(mesh: Mesh, all: Clients[]): CrowdedMesh {
  return {
    edgeFiles: edgeFiles(mesh.mark),
    clients: async (kind, subjects = 1) => {
      const tokens = await tokensOf(mesh, subjects);
      const clients = startClients({ kind, port: mesh.port, ca: mesh.ca, agent, tokens, from });
      all.push(clients);
      return clients;
    },
    watched: async (doing) => {
      const inFlight: number[] = [];
      const look = async (): Promise<void> => {
        inFlight.push(await envoyStat(mesh, "http.edge.downstream_rq_active"));
      };
      const watch = watchUsage(mesh.mark);
      const timer = setInterval(() => void look().catch(() => undefined), lookMs);
      try {
        const result = await doing();
        return { result, inFlight, usage: watch.stop() };
      } finally {
        clearInterval(timer);
      }
    },
  };
}

/** Tokens of so many subjects, by the mesh's own key: `smartcall token` makes one in half a second. */
async function tokensOf(mesh: Mesh, subjects: number): Promise<readonly string[]> {
  const now = new Date();
  const state = await openDirectoryState(mesh.stateFolder);
  if (!state.ok) throw new Error(state.problem.message);
  const keys = await loadSigningKeys(state.value, { now, report: () => undefined });
  if (!keys.ok) throw new Error(keys.problem.message);
  const { value } = keys;
  return Array.from({ length: subjects }, (_, number) => {
    const minted = mintToken(
      value,
      {
        mesh: "test",
        subject: `one of many ${number}`,
        scopes: ["agents:invoke"],
        claims: {},
        lifetimeMs: 3_600_000,
      },
      now,
    );
    if (!minted.ok) throw new Error(minted.problem.message);
    return minted.value.token;
  });
}

function edgeFiles(mark: string): number {
  const edge = processesMarked(mark).find(({ command }) => roleOf(command) === "edge");
  const limits = readFileSync(`/proc/${edge?.pid}/limits`, "utf8");
  const said = /^Max open files +(\d+|unlimited) /m.exec(limits)?.[1];
  return said === "unlimited" ? Number.POSITIVE_INFINITY : Number(said);
}
