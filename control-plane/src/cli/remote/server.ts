// The control plane that a command talks to, and how it is found.

import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type Address, isLoopback, type Run, readRun, startCommand } from "@smartcall/runtime";
import { operatorScope } from "../../state/well-known.ts";
import { type CommandEnd, ended } from "../exit-codes.ts";
import type { ServerSettings } from "./server-settings.ts";
import type { Trust } from "./trust.ts";

/** A control plane, and how to talk to it. */
export interface Server {
  /** Such as `https://mesh.example.com:9000`. */
  readonly url: string;
  readonly trust: Trust;
  /** A secret. */
  readonly token: string | undefined;
  /** It is that of the mesh that runs on this machine. */
  readonly isHere: boolean;
}

export type FoundServer =
  | { readonly ok: true; readonly server: Server }
  | { readonly ok: false; readonly end: CommandEnd };

/** The control plane that the settings name, else that of the mesh that runs here. */
export async function findServer(settings: ServerSettings): Promise<FoundServer> {
  const { server: url, token, trust: file, stateFolder } = settings;
  if (token !== undefined && !/^[\w.~+/=-]+$/.test(token)) {
    return { ok: false, end: ended("usage", "What --token or SMARTCALL_TOKEN says is no token.") };
  }
  if (url === undefined) return findHere(stateFolder, token);
  if (file === undefined) return found({ url, token, trust: { kind: "public" }, isHere: false });
  const trust = await trustIn(file, "authority");
  return trust.ok ? found({ url, token, trust: trust.value, isHere: false }) : trust;
}

/** Where a machine reaches its own pages that listen at the address. */
export function localUrl({ host, port }: Address): string {
  const name = host === "0.0.0.0" || host === "::" ? "localhost" : host;
  const origin = `${name.includes(":") ? `[${name}]` : name}:${port}`;
  return isLoopback(host) ? `http://${origin}` : `https://${origin}`;
}

/** The short life of a token that one command is given. */
const tokenLifetimeMs = 300_000;

async function findHere(stateFolder: string, token: string | undefined): Promise<FoundServer> {
  const run = readRun(stateFolder);
  const [, host, port] = /^\[?(.+?)\]?:(\d+)$/.exec(run?.admin ?? "") ?? [];
  if (run === undefined || host === undefined) return { ok: false, end: notRunning };
  const url = localUrl({ host, port: Number(port) });
  if (isLoopback(host)) return found({ url, token, trust: { kind: "public" }, isHere: true });
  const trust = await localTrust(run);
  if (!trust.ok) return trust;
  if (token !== undefined) return found({ url, token, trust: trust.value, isHere: true });
  const { mintLocalToken } = await import("../local-token.ts");
  const minted = await mintLocalToken(stateFolder, {
    mesh: run.mesh,
    subject: "local",
    scopes: [operatorScope],
    lifetimeMs: tokenLifetimeMs,
  });
  if (!minted.ok) return { ok: false, end: ended("failed", minted.problem) };
  return found({ url, token: minted.token.token, trust: trust.value, isHere: true });
}

function localTrust(run: Run): Promise<Trusted> {
  return run.adminCertificate === undefined
    ? trustIn(run.ca, "authority")
    : trustIn(run.adminCertificate, "exactly");
}

type Trusted =
  | { readonly ok: true; readonly value: Trust }
  | { readonly ok: false; readonly end: CommandEnd };

async function trustIn(file: string, kind: "authority" | "exactly"): Promise<Trusted> {
  const pem = await readFile(file, "utf8").catch(() => undefined);
  if (pem === undefined) return { ok: false, end: ended("usage", `${file} cannot be read.`) };
  const value: Trust =
    kind === "authority" ? { kind, certificates: pem } : { kind, certificate: pem };
  if (!isCertificate(pem)) {
    return { ok: false, end: ended("usage", `${file} has no certificate in PEM.`) };
  }
  return { ok: true, value };
}

/** Node takes any text for a certificate, and then trusts nobody. */
function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

function found(server: Server): FoundServer {
  return { ok: true, server };
}

/** What is said where neither a server is named nor a mesh runs. */
export const notRunning = ended(
  "notRunning",
  `No mesh is running here: start one with \`${startCommand}\`, or name a control plane with --server.`,
);
