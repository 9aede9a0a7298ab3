// The Envoy beside an agent: its folder, its ports, its start and its end.

import { readFileSync } from "node:fs";
import { type ControlPlaneTls, sidecarBootstrap } from "@smartcall/envoy";
import {
  type Address,
  type Clock,
  freePort,
  isFreePort,
  isLoopback,
  type JoinTokenFile,
  type Log,
  problemOfTls,
  readJoinTokenFile,
  startCommand,
  type TlsTrial,
} from "@smartcall/runtime";
import { findSidecarEnvoy } from "./find-sidecar-envoy.ts";
import { type InstanceFolder, makeInstanceFolder } from "./instance-folder.ts";
import { keepSidecar } from "./keep-sidecar.ts";
import { sweepFolders } from "./sweep-folders.ts";

/** Whose sidecar it is, and what it is given. */
export interface SidecarSetup {
  readonly agent: string;
  readonly instance: string;
  readonly settings: SidecarSettings;
  /** The process's own: where it runs, its PATH, the folder for temporary files. */
  readonly place: { readonly cwd: string; readonly path: string | undefined; readonly tmp: string };
  readonly log: Log;
  readonly clock: Clock;
  /** From 0 to 1, 1 excluded. */
  readonly random: () => number;
}

/** The settings that a sidecar depends on. */
export interface SidecarSettings {
  readonly controlPlane: Address;
  readonly trust: string | undefined;
  readonly joinTokenFile: string;
  readonly sidecar: Address | undefined;
  readonly envoyBin: string | undefined;
  readonly stateFolder: string;
  readonly zone: string;
}

/** A sidecar that is kept running. */
export interface RunningSidecar {
  readonly folder: InstanceFolder;
  /** Where it takes calls from gateways and from other sidecars. */
  readonly inboundPort: number;
  /** Where it takes calls to hosts outside the mesh. */
  readonly egressPort: number;
  ready(): boolean;
  /** Starts it again where the join token is another one than it has. */
  refreshToken(): void;
  /**
   * Its port is another process's: it takes another one, or, where an operator named it, tries
   * once that is free.
   *
   * @returns what the operator is told
   */
  displaced(): string;
  /** Why the control plane cannot be reached; undefined where nothing shows why. */
  unreached(): Promise<string | undefined>;
  /** Ends it, and removes its folder. */
  end(): Promise<void>;
}

/** Starts it, or says in a sentence why it cannot be. What killed agents left is removed. */
export async function startSidecar(setup: SidecarSetup): Promise<RunningSidecar | string> {
  const { agent, clock, instance, log, place, settings } = setup;
  const trust = trustOf(settings);
  if (typeof trust === "string") return trust;
  const tls: ControlPlaneTls | undefined = trust && {
    authorityFile: trust.caFile,
    serverName: trust.address.host,
  };
  const { stateFolder } = settings;
  const found = await findSidecarEnvoy(settings.envoyBin, { ...place, stateFolder });
  if (!found.ok) return found.problem;
  const asked = settings.sidecar?.port ?? 0;
  const inboundPort = asked === 0 ? await freePort(ports, setup.random) : asked;
  const egressPort = await freePort(ports, setup.random, [inboundPort ?? 0]);
  if (inboundPort === undefined || egressPort === undefined) return noPort;
  let port = inboundPort;
  const folder = makeInstanceFolder(place.tmp);
  if (typeof folder === "string") return folder;

  /** Another port, or the one that was asked for once nobody listens there. */
  const elsewhere = async (wanted: number | undefined): Promise<number | undefined> => {
    if (wanted === undefined) return freePort(ports, setup.random, [port, egressPort]);
    return (await isFreePort(wanted)) ? wanted : undefined;
  };
  let given: string | undefined;
  let warned = false;
  const sidecar = keepSidecar({
    agent,
    envoy: found.binary.path,
    folder,
    log,
    clock,
    bootstrap() {
      const read = tokenOf(agent, settings);
      given = read.ok ? read.token : undefined;
      if (!read.ok) return { hindrance: read.problem };
      if (read.warning !== undefined && !warned) log.warn(read.warning);
      warned = true;
      const { controlPlane } = settings;
      const inboundHost = settings.sidecar?.host;
      return {
        text: sidecarBootstrap({
          agent,
          instance,
          controlPlane,
          tls,
          joinToken: read.token,
          inboundPort: port,
          inboundHost,
          egressPort,
          zone: settings.zone,
        }),
      };
    },
  });
  await sweepFolders(place.tmp, clock.now());
  return {
    folder,
    get inboundPort() {
      return port;
    },
    egressPort,
    ready: sidecar.ready,
    displaced() {
      const taken = port;
      void elsewhere(asked === 0 ? undefined : asked).then((free) => {
        if (free === undefined) return;
        port = free;
        sidecar.restart();
      });
      return asked === 0 ? displacedByChance(taken) : displacedAt(taken);
    },
    refreshToken() {
      const read = given === undefined ? undefined : tokenOf(agent, settings);
      if (read !== undefined && (!read.ok || read.token !== given)) sidecar.restart();
    },
    unreached: async () => trust && problemOfTls(trust),
    async end() {
      await sidecar.end();
      folder.remove();
    },
  };
}

/** Whom to believe about a control plane of another machine. */
function trustOf({ controlPlane, trust }: SidecarSettings): TlsTrial | string | undefined {
  const { host } = controlPlane;
  if (isLoopback(host)) return undefined;
  if (trust === undefined) {
    return `The control plane at ${host} is on another machine, and its authority is not named: set SMARTCALL_CA to the mesh's ca.pem.`;
  }
  const ca = read(trust);
  return ca === undefined
    ? `SMARTCALL_CA: ${trust} cannot be read: bring the mesh's ca.pem there.`
    : { address: controlPlane, ca, caFile: trust };
}

/**
 * Below those that systems give to outgoing connections (from 32768 on), so that no such
 * connection takes the port while the sidecar is away.
 */
const ports = { first: 20_000, last: 32_767 } as const;

const noPort =
  "No free port was found for the sidecar: name one with SMARTCALL_SIDECAR, such as 127.0.0.1:20000.";

function displacedByChance(port: number): string {
  return `another process listens at ${port}, the port of the sidecar: it takes another one`;
}

function displacedAt(port: number): string {
  return `another process listens at ${port}, the port that SMARTCALL_SIDECAR gives the sidecar: end that process, or start this agent with another port, such as --sidecar 127.0.0.1:0`;
}

/** Its remedy is another on the mesh's own machine, where a token is there by itself. */
function tokenOf(agent: string, settings: SidecarSettings): JoinTokenFile {
  const { controlPlane, joinTokenFile: file } = settings;
  if (!isLoopback(controlPlane.host)) {
    const read = readJoinTokenFile(file, `smartcall join agent ${agent}`);
    return read.ok
      ? read
      : { ok: false, problem: `${read.problem}, and name its file with SMARTCALL_JOIN_TOKEN_FILE` };
  }
  const read = readJoinTokenFile(file, undefined);
  return read.ok
    ? read
    : {
        ok: false,
        problem: `${read.problem}: start the mesh with \`${startCommand}\`, or set SMARTCALL_STATE to the state folder of the one that runs`,
      };
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
