// A mesh that is served to scripted gateways, with files, audit and last good in a folder.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@smartcall/runtime";
import { checkMesh, type Found } from "../config/index.ts";
import { readMeshFiles } from "../source/files/read-mesh-files.ts";
import { createAudit, type LastGood, type LastRefused } from "../state/index.ts";
import { type TemporaryState, temporaryState } from "../state/temporary-state.test.ts";
import { type RunningXds, ScriptedClient, startXds, until } from "../xds/scripted-client.test.ts";
import { type Apply, type ApplyStep, createApply, type SentMesh } from "./apply.ts";
import { beginningOf } from "./beginning.ts";
import { serveMesh } from "./serve-mesh.ts";
import type { Serving } from "./serving.ts";
import { snapshotsOfVersions } from "./snapshot-of-version.ts";
import { hashOfVersion } from "./version.ts";

/** The text of a mesh with these agents. */
export function meshOf(...agents: readonly string[]): string {
  return ["mesh: demo", "agents:", ...agents.map((agent) => `  ${agent}: {}`), ""].join("\n");
}

/** A gateway that takes every cluster but those that it is told to refuse. */
export class ScriptedGateway {
  /** Clusters of agents. */
  readonly holds = new Set<string>();
  refuses: readonly string[];
  readonly #client: ScriptedClient;
  #over = false;

  constructor(port: number, node: string, refuses: readonly string[]) {
    this.refuses = refuses;
    this.#client = new ScriptedClient(port);
    this.#client.say("cluster", { node });
    void this.#answer();
  }

  leave(): void {
    this.#over = true;
    this.#client.close();
  }

  async #answer(): Promise<void> {
    while (!this.#over) {
      const response = await this.#client.next().catch(() => undefined);
      if (response === undefined) continue;
      const names = response.resources.map(({ name }) => name);
      const bad = names.filter((name) => this.refuses.includes(name));
      const own = (name: string): boolean => name.startsWith("smartcall:");
      for (const name of names) if (!bad.includes(name) && !own(name)) this.holds.add(name);
      for (const name of response.removedResources) this.holds.delete(name);
      const { nonce } = response;
      const refusal = bad.length === 0 ? {} : { refuses: `no ${bad.join(" ")}` };
      this.#client.say("cluster", { nonce, ...refusal });
    }
  }
}

/** The whole of it. */
export class Rig {
  readonly folder: string;
  readonly file: string;
  readonly told: string[] = [];
  readonly gateways: ScriptedGateway[] = [];
  kept: LastGood | undefined;
  keptRefused: LastRefused | undefined;
  instances = 1;
  /** The agents of each version in use. */
  using: readonly string[] = [];
  /** Each of them there ever was: one may last less than a test takes to look. */
  readonly used: (readonly string[])[] = [];
  readonly #running: RunningXds;
  readonly #state: TemporaryState;
  #serving: Serving | undefined;

  constructor(folder: string, running: RunningXds, state: TemporaryState) {
    this.folder = folder;
    this.file = join(folder, "mesh.yaml");
    this.#running = running;
    this.#state = state;
  }

  /** Serves `text`; `lastGood` is what an earlier control plane served, and `refused` why not `text`. */
  static async start(text: string, lastGood?: string, refused?: readonly string[]): Promise<Rig> {
    const folder = await mkdtemp(join(tmpdir(), "smartcall-rollout-"));
    let moved = (): void => undefined;
    // Only clusters are looked at, so that a gateway is easily scripted.
    const running = await startXds({
      moved: () => moved(),
      viewFor: (_, view) => ({
        ...view,
        snapshot: { ...view.snapshot, listener: new Map(), endpoint: new Map() },
      }),
    });
    const rig = new Rig(folder, running, await temporaryState());
    await writeFile(rig.file, text);
    const before = lastGood === undefined ? undefined : (await rig.found(lastGood)).from;
    const first = await rig.found(text);
    rig.#serving = await serveMesh(
      {
        xds: running.xds,
        clock: systemClock,
        defer: setImmediate,
        now: () => new Date(),
        snapshotOf: snapshotsOfVersions(
          () => ({
            instances: new Map([["echo", instancesOf(rig.instances)]]),
            certificate: { certificateChain: "C", privateKey: "K" },
            issuerKeys: '{"keys":[]}',
          }),
          new Uint8Array(),
        ),
        audit: createAudit(rig.#state.state, () => new Date(), rig.#state.report),
        keepLastGood: (good) => {
          rig.kept = good;
        },
        keepRefused: (kept) => {
          rig.keptRefused = kept;
        },
        expected: () => true,
        using: (versions) => {
          rig.using = versions.map(({ config }) => [...config.agents.keys()].join(" "));
          rig.used.push(rig.using);
        },
        broken: (problems) => rig.told.push(`broken ${problems.join()}`),
        told: {
          served: ({ config }) => rig.told.push(`served ${[...config.agents.keys()].join(" ")}`),
          refused: (problems) => rig.told.push(`refused ${problems.join("\n")}`),
          doubted: (problems) => rig.told.push(`doubted ${problems.join("\n")}`),
          renewed: () => rig.told.push("renewed"),
        },
      },
      await beginningOf(
        first,
        before,
        refused && { hash: hashOfVersion(first), since: new Date(0), problems: refused },
        new Date(),
      ),
      before?.hash,
    );
    moved = () => rig.serving.moved();
    return rig;
  }

  get serving(): Serving {
    if (this.#serving === undefined) throw new Error("not serving");
    return this.#serving;
  }

  /** A text as its check finds it. */
  async found(text: string): Promise<Found> {
    await writeFile(this.file, text);
    const checked = await checkMesh(await readMeshFiles(this.file), new Date());
    if (!checked.ok) throw new Error(checked.problems.join());
    return checked.found;
  }

  /** Saves a text, and waits for what becomes of it. */
  async save(text: string): Promise<string> {
    const before = this.told.length;
    this.serving.save(await this.found(text));
    await until(() => this.told.length > before);
    return this.told.at(-1) ?? "";
  }

  async connect(
    nodes: readonly string[],
    refuses: readonly string[] = [],
  ): Promise<readonly ScriptedGateway[]> {
    const made = nodes.map((node) => new ScriptedGateway(this.#running.port, node, refuses));
    this.gateways.push(...made);
    const count = this.gateways.length;
    await until(
      () => this.#running.xds.progress().filter(({ answered }) => answered).length >= count,
    );
    return made;
  }

  apply(path = this.file): Apply {
    return createApply({ serving: this.serving, path, now: () => new Date() });
  }

  /** The lines of the audit, once there are so many. */
  async audited(count: number): Promise<readonly Record<string, unknown>[]> {
    const path = this.#state.state.path("audit.jsonl");
    let lines: string[] = [];
    for (let i = 0; i < 200 && lines.length < count; i += 1) {
      lines = (await readFile(path, "utf8").catch(() => "")).split("\n").slice(0, -1);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return lines.map((line) => JSON.parse(line));
  }

  async stop(): Promise<void> {
    for (const gateway of this.gateways) gateway.leave();
    await this.serving.close();
    this.#running.stop();
    await rm(this.folder, { recursive: true });
    await this.#state.remove();
  }
}

/** Applies a text, and returns every step. */
export async function steps(
  apply: Apply,
  files: SentMesh["files"],
  { who = "local", folder = false } = {},
): Promise<readonly ApplyStep[]> {
  const told: ApplyStep[] = [];
  await apply({ files, folder }, who, (step) => told.push(step));
  return told;
}

function instancesOf(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    id: `i${index}`,
    address: { kind: "ip" as const, host: "127.0.0.1", port: 1000 + index },
    healthy: true,
    zone: "",
    version: "1",
  }));
}
