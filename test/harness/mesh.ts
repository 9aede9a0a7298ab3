// Starts a whole mesh through `smartcall up`, on free ports, in a folder of its own.
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../checks/repository.ts";
import { type Child, endGroup, startChild } from "./child.ts";
import { textAt } from "./json.ts";
import { type MeshYaml, meshYaml } from "./mesh-yaml.ts";
import { freePorts } from "./ports.ts";
import { markVariable, noneMarked } from "./processes.ts";
import { smartcall, smartcallBin } from "./smartcall.ts";

/** What a mesh is started with. */
export interface MeshOptions {
  /** Agents of this repository to start, by folder name under `services/`. Default: echo. */
  readonly services?: readonly string[];
  /** Further agents that `mesh.yaml` lists. */
  readonly listed?: readonly string[];
  /** What it says of agents, by name, such as `{ calls: [echo] }`. Default: nothing. */
  readonly said?: Readonly<Record<string, string>>;
  readonly routes?: readonly string[];
  /** Settings beside the usual ones. */
  readonly env?: NodeJS.ProcessEnv;
}

/** What a token says of its bearer, where it is not as usual. */
export interface TokenOptions {
  readonly scope?: string;
  readonly claims?: Readonly<Record<string, string>>;
  readonly subject?: string;
}

/** A running mesh. */
export interface Mesh extends MeshPlace {
  /** Such as `https://localhost:8443`. */
  readonly url: string;
  readonly caFile: string;
  /** The certificate of its authority, PEM. */
  readonly ca: string;
  readonly up: Child;
  /** A token of the mesh's own issuer; made once for each kind. */
  token(options?: TokenOptions): Promise<string>;
  /** Saves `mesh.yaml` as it was at first, with these routes added. */
  save(routes: readonly string[]): void;
  /** Ends it. Throws where anything of it is left running. */
  stop(): Promise<void>;
}

/** Folder, ports and environment of a mesh that is not started yet. */
export interface MeshPlace {
  readonly folder: string;
  readonly stateFolder: string;
  readonly meshFile: string;
  /** What the file said at first. */
  readonly yaml: MeshYaml;
  readonly port: number;
  /** A URL, as is Envoy's own. */
  readonly admin: string;
  readonly envoyAdmin: string;
  /** Marks its processes. */
  readonly mark: string;
  /** What they are started with. */
  readonly env: NodeJS.ProcessEnv;
}

/** Makes room for a mesh: a folder with its `mesh.yaml`, free ports, its settings. */
export async function prepareMesh(options: MeshOptions = {}): Promise<MeshPlace> {
  const { services = ["echo"], listed = [], said = {}, routes = [], env: more = {} } = options;
  const folder = mkdtempSync(join(tmpdir(), "smartcall-test-"));
  const [port = 0, controlPlane, admin, envoyAdmin] = await freePorts(4);
  const mark = randomUUID();
  const stateFolder = join(folder, ".smartcall");
  const meshFile = join(folder, "mesh.yaml");
  const yaml = { port, agents: [...services, ...listed], said, routes };
  writeFileSync(meshFile, meshYaml(yaml));
  const env = {
    ...withoutOurs(process.env),
    SMARTCALL_STATE: stateFolder,
    SMARTCALL_MESH: meshFile,
    SMARTCALL_AGENTS: services.map((name) => join(root, "services", name)).join(","),
    SMARTCALL_CONTROL_PLANE: `127.0.0.1:${controlPlane}`,
    SMARTCALL_ADMIN: `127.0.0.1:${admin}`,
    SMARTCALL_ENVOY_ADMIN: `127.0.0.1:${envoyAdmin}`,
    ...more,
    [markVariable]: mark,
  };
  return {
    folder,
    stateFolder,
    meshFile,
    yaml,
    port,
    admin: `http://127.0.0.1:${admin}`,
    envoyAdmin: `http://127.0.0.1:${envoyAdmin}`,
    mark,
    env,
  };
}

/** Starts `smartcall up` there, without waiting for it. */
export function startUp({ folder, env }: MeshPlace): Child {
  return startChild(process.execPath, [smartcallBin, "up"], {
    cwd: root,
    env: { ...env, PWD: folder },
  });
}

/** Starts a mesh and waits until it says how to call it. */
export async function startMesh(options: MeshOptions = {}): Promise<Mesh> {
  const place = await prepareMesh(options);
  const up = startUp(place);
  try {
    await up.says(/Stop +Ctrl-C/, 90_000);
  } catch (error) {
    await endGroup(up);
    removePlace(place);
    throw error;
  }
  const caFile = join(place.stateFolder, "ca.pem");
  const tokens = new Map<string, Promise<string>>();
  return {
    ...place,
    url: `https://localhost:${place.port}`,
    caFile,
    ca: readFileSync(caFile, "utf8"),
    up,
    token: (token = {}) => {
      const key = JSON.stringify(token);
      const made = tokens.get(key) ?? mintToken(place, token);
      tokens.set(key, made);
      return made;
    },
    save: (routes) => {
      const { yaml } = place;
      const all = [...(yaml.routes ?? []), ...routes];
      writeFileSync(place.meshFile, meshYaml({ ...yaml, routes: all }));
    },
    stop: async () => {
      await endGroup(up);
      try {
        await noneMarked(place.mark);
      } finally {
        removePlace(place);
      }
    },
  };
}

/** Removes the folder. */
export function removePlace({ folder }: MeshPlace): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

async function mintToken(place: MeshPlace, options: TokenOptions): Promise<string> {
  const { scope, subject, claims = {} } = options;
  const { code, output } = await smartcall(
    [
      "token",
      "--json",
      ...(scope === undefined ? [] : ["--scope", scope]),
      ...(subject === undefined ? [] : ["--subject", subject]),
      ...Object.entries(claims).flatMap(([name, value]) => ["--claim", `${name}=${value}`]),
    ],
    { cwd: place.folder, env: place.env },
  );
  if (code !== 0) throw new Error(`smartcall token failed: ${output}`);
  return textAt(JSON.parse(output), "token");
}

/** Nothing of the caller's own settings reaches a test, but which Envoy and model to use. */
function withoutOurs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = (name: string): boolean =>
    name !== "REDIS_URL" && (!name.startsWith("SMARTCALL_") || name === "SMARTCALL_MODEL");
  return Object.fromEntries(Object.entries(env).filter(([name]) => kept(name)));
}
