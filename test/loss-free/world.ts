// The mesh that changes while it is called: what its file says, and the agents that run in it.
import { randomUUID } from "node:crypto";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "node:tls";
import { fileURLToPath } from "node:url";
import { parentVariable } from "@smartcall/runtime";
import { workerName } from "../agents/worker.ts";
import { type ForeignIssuer, foreignIssuer } from "../edge/foreign-issuer.ts";
import { type Identity, makeIdentity } from "../harness/certificates.ts";
import { type Child, endGroup, startChild } from "../harness/child.ts";
import { eventually } from "../harness/eventually.ts";
import { listAt, textAt, valueAt } from "../harness/json.ts";
import { type Mesh, startMesh } from "../harness/mesh.ts";
import { asking, callRest } from "../harness/rest.ts";
import { type Place, type SwappedAgent, startSwappedAgent } from "./swapped-agent.ts";

/** Parts of mesh.yaml that differ from how it begins; undefined leaves one out. */
export interface Parts {
  readonly certificate?: unknown;
  readonly agents?: Readonly<Record<string, unknown>>;
  readonly budgets?: unknown;
  /** By name. */
  readonly routes?: Readonly<Record<string, object | undefined>>;
}

/** The mesh, and how to change it. */
export interface World {
  /** Its `ca` has the authority of `identityOf` beside the mesh's own. */
  readonly mesh: Mesh;
  /** Where the agent `swapped` can be reached, in eight ways; the first is where it begins. */
  readonly places: readonly Place[];
  /** Where an agent can be reached that the mesh lacks. */
  readonly fresh: Place;
  /** The issuer of tokens beside the mesh, whose keys `corp.json` has. */
  corp(kid: string): ForeignIssuer;
  /** A certificate for the gateway by an authority that callers trust. */
  identityOf(): Promise<Identity>;
  /** Writes a file of the mesh's folder at once, as most programs do. */
  write(name: string, text: string): void;
  /** Saves mesh.yaml with these parts; resolves once every gateway has it. */
  save(parts: Parts): Promise<void>;
  /** Starts an agent of `test/agents`, with these settings beside the usual ones. */
  attach(agent: string, env?: NodeJS.ProcessEnv): Child;
  end(child: Child): Promise<void>;
  /** Those that were started of an agent and not ended, the oldest first. */
  running(agent: string): readonly Child[];
  /** How many instances of an agent hold a lease. */
  held(agent: string): Promise<number>;
  /** Resolves once the agent answers. */
  callable(agent: string, token?: string): Promise<void>;
  /** The fingerprint of the certificate that a connection is shown at present. */
  shown(): Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts it, with `echo`, three instances of `late` and one of `counter`.
 *
 * @param env settings of every agent that is attached to it
 */
export async function startWorld(env: NodeJS.ProcessEnv = {}): Promise<World> {
  const plain = await startMesh();
  const started = { ...plain, env: { ...plain.env, ...env } };
  const authority = await makeIdentity("corp authority", []);
  const mesh = { ...started, ca: `${started.ca}\n${authority.cert}` };
  const swapped = await startSwappedAgent(mesh.folder);
  const children = new Map<Child, string>();
  const world = worldOf(mesh, authority, swapped, children);
  world.write("corp.json", world.corp("key-0").keys);
  await world.save({});
  for (const agent of ["late", "late", "late", "counter"]) world.attach(agent);
  for (const agent of ["echo", "late", "counting", "moved", "swapped"]) await world.callable(agent);
  await eventually(async () => {
    if ((await world.held("late")) < 3) throw new Error("late has not all its instances");
  });
  return world;
}

function worldOf(
  mesh: Mesh,
  authority: Identity,
  swapped: SwappedAgent,
  children: Map<Child, string>,
): World {
  const page = async (path: string): Promise<unknown> =>
    (await fetch(`${mesh.admin}${path}`)).json();
  const issuers = new Map<string, ForeignIssuer>();
  const write = (name: string, text: string): void => {
    const file = join(mesh.folder, name);
    writeFileSync(`${file}.saved`, text);
    renameSync(`${file}.saved`, file);
  };
  const end = async (child: Child): Promise<void> => {
    await endGroup(child);
    children.delete(child);
  };
  return {
    mesh,
    places: swapped.places,
    fresh: swapped.fresh,
    write,
    end,
    running: (agent) => [...children].filter(([, name]) => name === agent).map(([child]) => child),
    corp: (kid) => {
      const issuer = issuers.get(kid) ?? foreignIssuer("https://corp.test", "ES256", kid);
      issuers.set(kid, issuer);
      return issuer;
    },
    identityOf: () => makeIdentity("gateway", ["localhost"], authority),
    save: async (parts) => {
      const text = textOf(mesh.port, swapped.places[0]?.instances, parts);
      const told = mesh.up.output().length;
      writeFileSync(mesh.meshFile, text);
      await eventually(
        async () => {
          const [files, served] = await Promise.all([page("/mesh/files"), page("/mesh")]);
          const same = textAt(files, "files", 0, "text") === text;
          if (same && valueAt(served, "staged") === undefined) return;
          throw new Error(`not served: ${mesh.up.output().slice(told)}\n${text}`);
        },
        { withinMs: 20_000 },
      );
    },
    attach: (agent, env = {}) => {
      const program = fileURLToPath(new URL(`../agents/${agent}.js`, import.meta.url));
      // So that none outlives a run that is killed.
      const ended = { [parentVariable]: String(process.pid) };
      const options = { cwd: mesh.folder, env: { ...mesh.env, ...ended, ...env } };
      const child = startChild(process.execPath, [program], options);
      children.set(child, env[workerName] ?? agent);
      return child;
    },
    held: async (agent) =>
      listAt(await page("/agents"), "agents").filter(
        (one) => textAt(one, "agent") === agent && textAt(one, "lease") === "held",
      ).length,
    callable: async (agent, given) => {
      const token = given ?? (await mesh.token());
      const call = { path: `/v1/agents/${agent}:invoke`, token, body: asking("Hello") };
      await eventually(
        async () => {
          const { status, text } = await callRest(mesh, call);
          if (status !== 200) throw new Error(`${agent}: ${status} ${text}`);
        },
        { withinMs: 20_000 },
      );
    },
    shown: () => fingerprintAt(mesh.port),
    stop: async () => {
      swapped.stop();
      await Promise.all([...children.keys()].map(end));
      await mesh.stop();
    },
  };
}

function textOf(port: number, place: unknown, parts: Parts): string {
  const { certificate = "dev", agents = {}, budgets = {}, routes = {} } = parts;
  const described = Object.entries({
    counting: { match: { agent: "counting" }, to: "counter" },
    late: { match: { agent: "late" }, retry: { attempts: 3, on: ["unavailable", "reset"] } },
    moved: { match: { agent: "moved" }, to: "echo" },
    ...routes,
  });
  const mesh = {
    mesh: "test",
    gateway: { https: { port, certificate } },
    identity: [
      { issuer: "https://corp.test", audiences: ["smartcall"], keys: { file: "corp.json" } },
    ],
    agents: {
      counter: {},
      counting: {},
      echo: {},
      late: {},
      moved: {},
      swapped: { instances: place },
      ...agents,
    },
    budgets,
    routes: described.flatMap(([name, route]) => (route === undefined ? [] : [{ name, ...route }])),
  };
  // JSON is YAML too. Its second line makes each text another than all before.
  return `# A test's mesh.\n# ${randomUUID()}\n${JSON.stringify(mesh, undefined, 2)}\n`;
}

function fingerprintAt(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { port, host: "127.0.0.1", servername: "localhost", rejectUnauthorized: false };
    const socket = connect(options, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.once("error", reject);
  });
}
