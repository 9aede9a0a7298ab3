// Says where the mesh is: to programs in run.json, to people in the terminal.

import { join } from "node:path";
import { formatAddress, type ServedEdge, writeRun } from "@smartcall/runtime";
import { authorityCertificateName } from "../../state/index.ts";
import { edgeOf } from "../edge/edge.ts";
import { mintLocalToken } from "../local-token.ts";
import { localUrl } from "../remote/server.ts";
import { greeting } from "./greeting.ts";
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
  const minted = await mintLocalToken(layout.stateFolder, {
    mesh,
    lifetimeMs: tokenHours * 3_600_000,
  });
  if (!minted.ok) return minted.problem;
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
      token: minted.token.token,
      tokenHours,
      agents,
      admin: localUrl(layout.admin),
      logs: logFolder(layout),
    },
    screen,
  );
  for (const line of lines) screen.say(line);
  return undefined;
}
