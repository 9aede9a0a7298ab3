// The control plane's process, and the only place that wires its parts together.

import { hostname } from "node:os";
import { Server } from "@grpc/grpc-js";
import { descriptorSet } from "@smartcall/protos";
import {
  formatAddress,
  isLoopback,
  steadyClock,
  systemClock,
  tellEdge,
  tellKeyVariables,
  tellParent,
  tellStuck,
} from "@smartcall/runtime";
import { createMetrics, createPages, listedAgents, listenForOperators } from "./admin/index.ts";
import { agentsOf, keyVariables, placesOf, servedEdge } from "./config/index.ts";
import { pageFile } from "./directory/index.ts";
import { openBudgets } from "./main/budgets.ts";
import { openDirectory } from "./main/directory.ts";
import { createGateways } from "./main/gateways.ts";
import { openIdentity } from "./main/identity.ts";
import { openKept } from "./main/kept.ts";
import { openLeaseChanges } from "./main/lease-changes.ts";
import { openForNodes } from "./main/listen-for-nodes.ts";
import { createNodes } from "./main/nodes.ts";
import { reach } from "./main/reach.ts";
import { securePages } from "./main/secure-pages.ts";
import { openServicesTrial } from "./main/services-trial.ts";
import { connectedSidecar } from "./main/sidecars.ts";
import { keepOpen, must, start } from "./main/start.ts";
import { type MeshTrust, openTrust } from "./main/trust.ts";
import { policiesOf, servePolicies } from "./quota/index.ts";
import {
  type Apply,
  beginningOf,
  createApply,
  followFiles,
  type Present,
  type Serving,
  serveMesh,
  snapshotsOfVersions,
  tellOperator,
} from "./rollout/index.ts";
import { followAddresses, resolveHost } from "./source/addresses/index.ts";
import { together } from "./source/instances-together.ts";
import { createLeaseTable, type InstanceView, serveLeases } from "./source/leases/index.ts";
import { type OwnKeys, openOwnKeys } from "./source/own-keys.ts";
import {
  checkToken,
  operatorScope,
  printLastGood,
  printLastRefused,
  publicKeySet,
  type SigningKeys,
} from "./state/index.ts";
import { createNodeViews, createXdsServer, xdsServerOptions } from "./xds/index.ts";

/** How long an instance waits for gateways to know of it, in milliseconds. */
const ackedMs = 10_000;

const started = start();
const { settings, log, report, closing } = started;

const metrics = createMetrics();
// What must survive a restart is there before any gateway is answered.
const kept = await openKept(started);
const { state, audit } = kept;
const gateways = createGateways(kept);

const now = (): Date => new Date();
const meshName = (): string => serving?.served().config.mesh ?? "";
const signingKeys = (): SigningKeys => ownKeys?.signingKeys() ?? kept.signingKeys;
const nodes = createNodes(
  {
    joinToken: kept.joinToken,
    signingKeys,
    mesh: meshName,
    now,
    isDenied: (token) => identity.isDenied(token),
  },
  systemClock,
);
closing(() => nodes.close());
const server = new Server(xdsServerOptions);
// Programs of this machine that call agents themselves: the state folder says whose they are.
const localServer = new Server(xdsServerOptions);
for (const each of [server, localServer]) closing(() => each.forceShutdown());
const services = openServicesTrial(log, tellParent, { xds: () => xds, serving: () => serving });
const xds = createXdsServer({
  server,
  localServer,
  viewFor: createNodeViews((owner) => trust?.of(owner)),
  joinedBy: nodes.joinedBy,
  log,
  moved: services.moved,
  observe(event) {
    gateways.observe(event);
    metrics.observe(event);
  },
});
closing(() => xds.close());
nodes.serve(xds);

// The operator's files.
const telling = tellOperator({ log, metrics, say: tellParent, stuck: tellStuck });
let serving: Serving | undefined;
let apply: Apply | undefined;
let ownKeys: OwnKeys | undefined;
let trust: MeshTrust | undefined;
const files = followFiles(settings.meshFile, kept.lastGood, now, (problems) =>
  telling.refused(problems, { who: "file", what: "start" }),
);
closing(() => files.close());

// Who may call.
const identity = await openIdentity(started, kept, {
  mesh: meshName,
  keys: () => ownKeys,
  refresh(reason) {
    serving?.refresh(reason);
    nodes.recheck();
  },
  reached: (whom) =>
    reach(
      { clock: steadyClock, xds, gateways, generation: () => serving?.generation() ?? 0 },
      whom,
    ),
});

// What callers may spend.
const budgets = openBudgets(started, audit, () => serving?.served().config);

let agents: () => readonly InstanceView[] = () => [];
let document: () => string | undefined = () => undefined;
const onMachine = isLoopback(settings.adminAddress.host);
const pages = createPages({
  access: {
    from: onMachine ? "machine" : "network",
    check: (token) =>
      checkToken(signingKeys(), token, {
        mesh: meshName(),
        scope: operatorScope,
        now: new Date(),
        isDenied: identity.isDenied,
      }),
  },
  ready: () => xds.ready(),
  metrics,
  mesh: () => ({
    file: settings.meshFile,
    ...(serving?.standing() ?? { refused: { problems: files.problems() } }),
  }),
  files: () => serving?.served().from ?? { files: [] },
  apply: () => apply,
  nodes: () => gateways.rows(identity.revokedSince),
  forgetNode: gateways.forget,
  agents: () => agents(),
  docs: { document: () => document(), docsFile: pageFile },
  listed: () => (serving === undefined ? [] : listedAgents(serving.served().config)),
  keys: identity.office,
  budgets: budgets.office,
  keySet: () => publicKeySet(signingKeys()),
  failed: (error) => log.error({ err: error }, "a page failed"),
});
// On this machine the operator's pages come first: they say what is missing while nothing is served.
if (onMachine) keepOpen(started, await listenForOperators(pages, settings.adminAddress));

// Until the files made a mesh once, no gateway is answered.
const found = await files.first;
const beginning = await beginningOf(found, kept.lastGood, kept.lastRefused, now());
const { served, change, configs } = beginning;
const first = served.config;
tellKeyVariables(configs.flatMap(keyVariables));
// Where the edge will be is known once a gateway has tried the change.
if (change === undefined) tellEdge(servedEdge(first));
metrics.servesLastGood(served.restored);
log.info({ hash: served.from.hash, restored: served.restored }, "mesh.yaml is served");

// What the mesh proves itself with.
const keys = must(
  log,
  await openOwnKeys(state, {
    mesh: first.mesh,
    signingKeys: kept.signingKeys,
    hostname: hostname(),
    clock: systemClock,
    now,
    report,
    audit,
    changed: (what) => serving?.refresh(what),
  }),
);
ownKeys = keys;
closing(() => keys.close());
trust = await openTrust(started, {
  authority: keys.authority,
  refresh: () => serving?.refresh("certificate"),
  renewed: xds.renewed,
});

// Elsewhere the pages need the mesh's authority, and its name to know its tokens by.
if (!onMachine)
  keepOpen(started, await securePages(started, pages, { state, authority: keys.authority }));

// What the quota services are told of it.
const policies = nodes.serve(servePolicies(server, nodes));
closing(() => policies.close());

// The instances that run.
const attached = openLeaseChanges(started, metrics, () => ({ agents: agents(), serving }));
const leases = createLeaseTable({
  clock: steadyClock,
  listing: { agents: agentsOf(configs), dev: false },
  ...(kept.instances && { remembered: kept.instances }),
  change: () => attached.changed(),
  keep: (text) => kept.keepInstances.keep(text),
  say: ({ level, message, ...about }) => log[level](about, message),
});
agents = () => leases.views();
const addresses = followAddresses({
  clock: steadyClock,
  resolve: resolveHost,
  change: () => serving?.refresh("addresses"),
  say: ({ level, message, ...about }) => log[level](about, message),
});
closing(() => addresses.close());
await addresses.follow(configs.flatMap((config) => [...placesOf(config).values()]));

// All of it together is what gateways are served.
const present: Present = (config) => ({
  instances: together(leases.instances(), addresses.instances(placesOf(config))),
  services: services.of(leases.services()),
  certificate: keys.certificate(),
  trust: trust?.of("gateway"),
  issuerKeys: publicKeySet(keys.signingKeys()),
  quota: budgets.addresses,
  ...identity.material(config),
});
const mesh = await serveMesh(
  {
    xds,
    clock: steadyClock,
    defer: setImmediate,
    now,
    snapshotOf: gateways.note(snapshotsOfVersions(present, descriptorSet()), identity.revokedUntil),
    async using(versions) {
      const configs = versions.map(({ config }) => config);
      tellKeyVariables(configs.flatMap(keyVariables));
      leases.list(agentsOf(configs));
      policies.change(policiesOf(configs));
      const places = configs.flatMap((config) => [...placesOf(config).values()]);
      await Promise.all([addresses.follow(places), identity.follow(versions)]);
    },
    audit,
    keepRefused: (refused) => kept.keepLastRefused.keep(printLastRefused(refused)),
    expected: () => gateways.rows(identity.revokedSince).some(({ cutOff }) => cutOff !== undefined),
    keepLastGood: (good) => kept.keepLastGood.keep(printLastGood(good)),
    broken: (problems) => log.error({ problems }, "the mesh does not hold together: not served"),
    told: {
      ...telling,
      renewed(version) {
        identity.renewed();
        telling.renewed(version);
      },
      served(version, silent, problems) {
        tellEdge(servedEdge(version.config));
        telling.served(version, silent, problems);
      },
      refused(problems, asked) {
        tellEdge(servedEdge(serving?.served().config ?? first));
        telling.refused(problems, asked);
      },
    },
  },
  beginning,
  kept.lastGood?.hash,
);
serving = mesh;
document = openDirectory(server, { ...nodes, serving: mesh, present, instances: agents });
closing(() => mesh.close());
apply = createApply({ serving: mesh, path: settings.meshFile, now });
files.serveBy(mesh);

const leaseService = nodes.serve(
  serveLeases(server, {
    table: leases,
    clock: steadyClock,
    mesh: () => mesh.served().config.mesh,
    joinedBy: nodes.joinedBy,
    sidecar: (node) => connectedSidecar(xds, node),
    acked: () => attached.settled().then(() => xds.acked(mesh.generation(), ackedMs)),
    say: ({ level, message, ...about }) => log[level](about, message),
  }),
);
closing(() => leaseService.close());
await openForNodes(started, { ...nodes, server, localServer, state, authority: keys.authority });
log.info({ mesh: first.mesh, address: formatAddress(settings.controlPlane) }, "ready");
