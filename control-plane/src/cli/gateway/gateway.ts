// `smartcall gateway`: runs one more gateway of the mesh that runs here, until Ctrl-C.

import { readRun } from "@smartcall/runtime";
import { loadJoinToken, openDirectoryState } from "../../state/index.ts";
import { edgeTrust, requestTo } from "../edge/reach.ts";
import { type CommandEnd, ended } from "../exit-codes.ts";
import { findMeshEnvoy } from "../find-mesh-envoy.ts";
import { isNodesAnswer } from "../remote/answers.ts";
import { findServer, getJson } from "../remote/index.ts";
import { ask } from "../up/ask.ts";
import { takeLock } from "../up/lock.ts";
import { type GatewayOrder, gatewayPart } from "./part.ts";
import { findPlace } from "./place.ts";
import { stay } from "./stay.ts";

/** Runs the gateway; resolves only where it did not start. */
export async function gateway(order: GatewayOrder): Promise<CommandEnd> {
  const { name, stateFolder } = order;
  const run = readRun(stateFolder);
  const found = await findServer({ ...nobodyElse, stateFolder });
  if (!found.ok) return found.end;
  if (run === undefined) return ended("notRunning");
  const nodes = await getJson(found.server, "/nodes", isNodesAnswer);
  if (!nodes.ok) return nodes.end;
  if (nodes.value.nodes.some(({ node, cutOff }) => node === name && cutOff === undefined)) {
    return ended(
      "failed",
      `A gateway ${name} is connected to the mesh already: choose another name.`,
    );
  }
  const lock = takeLock(stateFolder, `gateway-${name}`);
  if (!lock.ok) {
    return ended(
      "failed",
      `The gateway ${name} runs already (process ${lock.pid}): choose another name.`,
    );
  }
  process.on("exit", lock.release);

  const [place, envoy, joinToken] = await Promise.all([
    findPlace(run, order.httpsPort),
    findMeshEnvoy(order.envoyBin, stateFolder),
    readJoinToken(stateFolder),
  ]);
  const problems = [place, envoy, joinToken].flatMap((one) => (one.ok ? [] : [one.problem]));
  if (!place.ok || !envoy.ok || !joinToken.ok) return ended("failed", ...problems);
  const { port: httpsPort, url } = place.place;
  const { envoyAdmin } = order;
  const made = gatewayPart(order, envoy.binary, {
    bootstrap: {
      joinToken: joinToken.token,
      httpsPort,
      ...(envoyAdmin && { admin: envoyAdmin }),
    },
    at: ` at ${url}`,
    isReady: async () => {
      const trust = edgeTrust(run.certificate, run.ca);
      return (await ask(url, requestTo({ ...place.place, trust }, "/healthz"))).status === 200;
    },
  });
  return stay({ name, ...made, what: `serves the mesh "${run.mesh}" at ${url}` });
}

/** The mesh that runs here, whatever other one the environment names. */
const nobodyElse = { server: undefined, token: undefined, trust: undefined } as const;

type JoinToken =
  | { readonly ok: true; readonly token: string }
  | { readonly ok: false; readonly problem: string };

async function readJoinToken(stateFolder: string): Promise<JoinToken> {
  const state = await openDirectoryState(stateFolder);
  if (!state.ok) return { ok: false, problem: state.problem.message };
  const token = await loadJoinToken(state.value, () => undefined);
  return token.ok
    ? { ok: true, token: token.value }
    : { ok: false, problem: token.problem.message };
}
