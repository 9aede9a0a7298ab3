// The control plane's process, and the only place that wires its parts together.

import { hostname } from "node:os";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { descriptorSet } from "@smartcall/protos";
import {
  type Address,
  createLog,
  formatAddress,
  isLoopback,
  onEnd,
  readSettings,
  steadyClock,
  systemClock,
  tellParent,
} from "@smartcall/runtime";
import {
  createMetrics,
  createPages,
  type Listening,
  listedAgents,
  listenForOperators,
  openSecurePages,
} from "./admin/index.ts";
import { type Accepted, type Following, followMesh } from "./config/index.ts";
import { buildMesh } from "./model/build-mesh.ts";
import { createOwnPorts, snapshotOf } from "./snapshot/index.ts";
import {
  createLeaseTable,
  type InstanceView,
  instancesName,
  leaseServerOptions,
  parseLeases,
  serveLeases,
} from "./source/leases/index.ts";
import { renewedCertificate } from "./source/renewed-certificate.ts";
import {
  checkToken,
  createKeeper,
  edgeCertificate,
  isJoinToken,
  lastGoodName,
  loadJoinToken,
  loadLastGood,
  loadSigningKeys,
  type Outcome,
  openAuthority,
  openDirectoryState,
  operatorScope,
  printLastGood,
  publicKeySet,
  type Report,
  readDocument,
  watchSigningKeys,
} from "./state/index.ts";
import { emptyStatus, nodeRows, withEvent } from "./status/index.ts";
import { translate } from "./translate/index.ts";
import { createXdsServer, xdsServerOptions } from "./xds/index.ts";

/** How long an instance waits for gateways to know of it, in milliseconds. */
const ackedMs = 10_000;

const read = readSettings(
  [
    "controlPlane",
    "adminAddress",
    "adminNames",
    "adminCertificate",
    "adminKey",
    "stateFolder",
    "meshFile",
    "logLevel",
  ],
  { argv: process.argv.slice(2), env: process.env, cwd: process.cwd(), joinRunning: false },
);
if (!read.ok) {
  for (const problem of read.problems) process.stderr.write(`${problem}\n`);
  process.exit(2);
}
const settings = read.values;
const log = createLog("control-plane", settings.logLevel);
const report: Report = ({ kind, message, path }) => log.warn({ kind, path }, message);

/** What ends with the process, the last begun first. */
const closers: (() => Promise<void> | void)[] = [];
onEnd(log, async () => {
  for (const close of closers.reverse()) await close();
});

const metrics = createMetrics();
let nodes = emptyStatus;

// What must survive a restart is there before any gateway is answered.
const state = must(await openDirectoryState(settings.stateFolder));
const joinToken = must(await loadJoinToken(state, report));
const lastGood = must(await loadLastGood(state, report));
const remembered = must(
  await readDocument(state, instancesName, (text) => parseLeases(text, Date.now()), report),
);
let signingKeys = must(await loadSigningKeys(state, { now: new Date(), report }));
const keepLastGood = createKeeper(state, lastGoodName, report);
const keepInstances = createKeeper(state, instancesName, report);
closers.push(() => keepLastGood.settled());
closers.push(() => keepInstances.settled());

const server = new Server({ ...xdsServerOptions, ...leaseServerOptions });
closers.push(() => server.forceShutdown());
const withOwnPort = createOwnPorts();
const xds = createXdsServer({
  server,
  viewFor: ({ httpsPort }, view) =>
    httpsPort === undefined ? view : withOwnPort(view, httpsPort),
  isJoinToken: (authorization) => isJoinToken(joinToken, authorization),
  log,
  observe(event) {
    nodes = withEvent(nodes, event);
    metrics.observe(event);
  },
});
closers.push(() => xds.close());

let following: Following | undefined;
let accepted: Accepted | undefined;
let agents: () => readonly InstanceView[] = () => [];
const onMachine = isLoopback(settings.adminAddress.host);
const pages = createPages({
  access: {
    from: onMachine ? "machine" : "network",
    check: (token) =>
      checkToken(signingKeys, token, {
        mesh: accepted?.config.mesh ?? "",
        scope: operatorScope,
        now: new Date(),
      }),
  },
  ready: () => xds.ready(),
  metrics,
  mesh: () => following?.standing() ?? {},
  nodes: () => nodeRows(nodes, Date.now()),
  agents: () => agents(),
  listed: () => (accepted === undefined ? [] : listedAgents(accepted.config)),
  failed: (error) => log.error({ err: error }, "a page failed"),
});
// On this machine the operator's pages come first: they say what is missing while nothing is served.
if (onMachine) keepOpen(await listenForOperators(pages, settings.adminAddress));

// The operator's files. Until they made a mesh once, no gateway is answered.
let publish: (reason: string) => void = () => undefined;
const { config: first } = await new Promise<Accepted>((resolve) => {
  following = followMesh(settings.meshFile, lastGood, () => new Date(), {
    accepted(taken, from, restored) {
      if (accepted !== undefined) tellParent("mesh.yaml is taken, and what it says is served.");
      accepted = taken;
      keepLastGood.keep(printLastGood(from));
      metrics.servesLastGood(restored);
      const what = restored ? "the last good mesh.yaml" : "mesh.yaml";
      log.info({ hash: from.hash }, `${what} is served`);
      publish("mesh.yaml");
      resolve(taken);
    },
    renewed(taken) {
      accepted = taken;
      publish("certificate");
    },
    refused(problems) {
      metrics.configRefused();
      metrics.servesLastGood(accepted !== undefined);
      for (const problem of problems) log.error({ problem }, "mesh.yaml is refused");
      tellParent(`mesh.yaml is refused, and nothing has changed:\n${problems.join("\n\n")}`);
    },
    warned(warnings) {
      for (const warning of warnings) log.warn({ warning }, "mesh.yaml is served, but");
      tellParent(`mesh.yaml is served, but:\n${warnings.join("\n\n")}`);
    },
  });
  closers.push(() => following?.close());
});

// What the mesh proves itself with.
const authority = must(await openAuthority(state, { mesh: first.mesh, now: new Date(), report }));
const certificate = must(
  await renewedCertificate(
    (now) => edgeCertificate(state, authority, { hostname: hostname(), now, report }),
    { clock: systemClock, report, changed: () => publish("certificate") },
  ),
);
closers.push(() => certificate.close());
const keyWatch = watchSigningKeys(state, signingKeys, {
  report,
  change(keys) {
    signingKeys = keys;
    publish("signing keys");
  },
});
closers.push(() => keyWatch.close());

// Elsewhere the pages need the mesh's authority, and its name to know its tokens by.
if (!onMachine) {
  const opened = await openSecurePages({
    pages,
    address: settings.adminAddress,
    names: settings.adminNames,
    certificateFile: settings.adminCertificate,
    keyFile: settings.adminKey,
    state,
    authority,
    clock: systemClock,
    report,
    refused: (problem) => log.error(problem),
  });
  keepOpen(opened);
}

// The instances that run.
const leases = createLeaseTable({
  clock: steadyClock,
  listing: { agents: new Set(first.agents.keys()), dev: false },
  ...(remembered && { remembered }),
  change: () => publish("lease"),
  keep: (text) => keepInstances.keep(text),
  say: ({ level, message, ...about }) => log[level](about, message),
});
agents = () => leases.views();

// All of it together is what gateways are served.
const contract = descriptorSet();
let generation = 0;
publish = (reason) => {
  if (accepted === undefined) return;
  const { authorities, config, pair } = accepted;
  if (reason === "mesh.yaml") leases.list(new Set(config.agents.keys()));
  const mesh = buildMesh(config, {
    instances: leases.instances(),
    certificate: pair ?? certificate.current(),
    authorities,
    issuerKeys: publicKeySet(signingKeys),
  });
  metrics.leases(leases.views().filter(({ lease }) => lease === "held").length);
  const published = xds.publish(snapshotOf(translate(mesh, contract)), reason);
  if (published.ok) generation = published.generation;
  else log.error({ problems: published.problems }, "the mesh does not hold together: not served");
};
publish("start");

const serving = serveLeases(server, {
  table: leases,
  clock: steadyClock,
  mesh: () => accepted?.config.mesh ?? first.mesh,
  admits: (authorization) => isJoinToken(joinToken, authorization),
  acked: async () => {
    await xds.acked(generation, ackedMs);
  },
  say: ({ level, message, ...about }) => log[level](about, message),
});
closers.push(() => serving.close());
const bound = await listen(settings.controlPlane);
if (!bound.ok) stop(bound.problem);
log.info({ mesh: first.mesh, address: formatAddress(settings.controlPlane) }, "ready");

function keepOpen(opened: Listening): void {
  if (!opened.ok) stop(opened.problem);
  closers.push(() => opened.close());
}

function listen(address: Address): Promise<{ ok: true } | { ok: false; problem: string }> {
  const where = formatAddress(address);
  return new Promise((resolve) => {
    server.bindAsync(where, ServerCredentials.createInsecure(), (error) => {
      if (error === null) resolve({ ok: true });
      else
        resolve({
          ok: false,
          problem: `xDS and leases cannot listen on ${where}: ${error.message}.`,
        });
    });
  });
}

/** Without this value there is no control plane: says why, and ends. */
function must<T>(outcome: Outcome<T>): T {
  return outcome.ok ? outcome.value : stop(outcome.problem.message);
}

function stop(problem: string): never {
  log.fatal(problem);
  process.exit(1);
}
