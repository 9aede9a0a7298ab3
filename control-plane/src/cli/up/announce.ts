// Says where the mesh is: to programs in run.json, to people in the terminal.

import { join } from "node:path";
import { formatAddress, type ServedEdge, writeRun } from "@smartcall/runtime";
import { authorityCertificateName } from "../../state/well-known.ts";
import { edgeOf } from "../edge/edge.ts";
import { localUrl } from "../remote/server.ts";
import { greeting, type ShownToken } from "./greeting.ts";
import { type Layout, logFolder } from "./plans.ts";
import { edgeReady } from "./readiness.ts";
import type { Terminal } from "./terminal.ts";
import { until } from "./until.ts";

/** How long an Envoy may take to listen elsewhere, in milliseconds. */
const moveMs = 10_000;

/** Waits until the edge answers where it is served, for a bounded time. */
export async function edgeListens(layout: Layout, served: ServedEdge): Promise<void> {
  const ca = join(layout.stateFolder, authorityCertificateName);
  const { signal } = new AbortController();
  await until(() => edgeReady(edgeOf(served, ca), ca), { limitMs: moveMs, signal });
}

/** How long the greeting's token lasts. */
const tokenHours = 12;

/**
 * Announces the mesh whose edge is served as told.
 *
 * @param agents The names of the agents that were started.
 * @returns why it cannot: one sentence, if so
 */
export async function announce(
  layout: Layout,
  served: ServedEdge,
  agents: readonly string[],
  screen: Terminal,
): Promise<string | undefined> {
  const { mesh } = served;
  const shown = process.stdout.isTTY ? await tokenFor(layout, mesh) : makingOne(layout);
  if (typeof shown === "string") return shown;
  const ca = join(layout.stateFolder, authorityCertificateName);
  const edge = edgeOf(served, ca);
  writeRun(layout.stateFolder, {
    pid: process.pid,
    mesh,
    meshFile: layout.meshFile,
    url: edge.url,
    connectTo: edge.connectTo,
    certificate: edge.certificate,
    controlPlane: formatAddress(layout.controlPlane),
    admin: formatAddress(layout.admin),
    adminCertificate: layout.adminCertificate,
    envoyAdmin: formatAddress(layout.envoyAdmin),
    ca,
  });
  const lines = greeting(
    {
      edge,
      token: shown,
      agents,
      admin: localUrl(layout.admin),
      logs: logFolder(layout),
    },
    screen,
  );
  for (const line of lines) screen.say(line);
  return undefined;
}

/** A token for the person who looks; or why there is none, a sentence. */
async function tokenFor({ stateFolder }: Layout, mesh: string): Promise<ShownToken | string> {
  const { mintLocalToken } = await import("../local-token.ts");
  const minted = await mintLocalToken(stateFolder, { mesh, lifetimeMs: tokenHours * 3_600_000 });
  return minted.ok
    ? { kind: "token", token: minted.token.token, hours: tokenHours }
    : minted.problem;
}

/** Whatever reads along keeps what it reads: it is told how to make a token. */
function makingOne({ meshFile, stateFolder }: Layout): ShownToken {
  const [node = "node", program = "smartcall"] = process.argv;
  const words = [node, program, "token", "--state", stateFolder, "--mesh", meshFile];
  return { kind: "command", words };
}
