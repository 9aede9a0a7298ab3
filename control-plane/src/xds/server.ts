// The xDS server: who may connect, what they are served, and when all have it.

import { randomUUID } from "node:crypto";
import { type Server, type ServerDuplexStream, status } from "@grpc/grpc-js";
import { type Clock, systemClock } from "@smartcall/runtime";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { View } from "../snapshot/view.ts";
import { type JoinedBy, type NodeProof, withdrawn } from "../state/index.ts";
import { createAdmission, refusalOf } from "./admission.ts";
import { type AdsStream, type RefusedPart, serveStream } from "./ads-stream.ts";
import type { ConnectRate } from "./connect-rate.ts";
import { type Convergence, createConvergenceWaiters, type Progress } from "./convergence.ts";
import { type Dialect, delta, sotw } from "./dialect.ts";
import type { XdsEvent } from "./event.ts";
import { logEvent, type XdsLog } from "./event-log.ts";
import { createLeftBehind } from "./left-behind.ts";
import { createPeers } from "./peers.ts";
import { createProxyless } from "./proxyless.ts";
import { type Ahead, createPublisher, type Published, viewIn } from "./publisher.ts";
import { createPushQueue } from "./push-queue.ts";
import { createRefusals } from "./refusals.ts";
import type { Node } from "./request.ts";
import { sidecarOf } from "./sidecar-of.ts";
import { hasListened, standing, watchesAll } from "./standing.ts";
import type { StreamState } from "./stream.ts";
import { streamAge } from "./stream-age.ts";
import { aggregatedDiscovery } from "./wire.ts";

/** What the xDS server is made with. */
export interface XdsOptions {
  /** The gRPC server to add the service to. Make it with `xdsServerOptions`. */
  readonly server: Server;
  /** One for clients that need no token: on a Unix socket that nobody else can open. */
  readonly localServer?: Server;
  /** Who a node proves to be by its value of the metadata key `authorization`. */
  readonly joinedBy: JoinedBy;
  readonly log: XdsLog;
  /** Told of everything that happens, for status and metrics. */
  readonly observe: (event: XdsEvent) => void;
  /** Which control plane answers, as Envoy's `control_plane.identifier` shows it. */
  readonly identifier?: string;
  /**
   * What one node gets of a view, given what it has proved to be; all of it unless given.
   * While that is undefined the node waits: `renewed` tells when it is not.
   */
  readonly viewFor?: (node: Node, view: View, proof: NodeProof) => View | undefined;
  /** A node may have come, moved or gone, or something has been pushed. */
  readonly moved?: () => void;
  readonly clock?: Clock;
  /** Numbers from 0 up to 1. */
  readonly random?: () => number;
  /** How fast streams of the mesh's own token may begin; 100 a second, 1,000 at once unless given. */
  readonly connectRate?: ConnectRate;
  /** How many streams there may be; 10,000 unless given. */
  readonly mostStreams?: number;
}

/** How far one connected gateway is with what it is served at present. */
export interface NodeProgress {
  readonly node: string;
  /** Of what is served at present. */
  readonly generation: number;
  /** Whether the node has answered for all of it. */
  readonly answered: boolean;
  /** What it refuses of it. */
  readonly refused: readonly RefusedPart[];
}

/** A node that is connected. */
export interface ConnectedNode extends Node {
  /** It has not answered for all of its listeners yet. */
  readonly pending: boolean;
  /** What it refuses of what it is served. */
  readonly refused: readonly RefusedPart[];
}

/** The xDS server. */
export interface XdsServer {
  /**
   * Serves a snapshot from now on. Changes are gathered for at most 0.5 s (0.25 s
   * if only endpoints change); a snapshot with the same content changes nothing.
   *
   * @param reason one of a few fixed words, such as `mesh.yaml` or `lease`; a metric's label
   * @param ahead what some nodes get instead, at once; nothing unless given
   */
  publish(snapshot: Snapshot, reason: string, ahead?: Ahead): Published;
  /** What is made for nodes of a kind (their `cluster`) is another: whether there are any. */
  renewed(cluster: string): boolean;
  /** A node that is connected, by its id. */
  connected(id: string): ConnectedNode | undefined;
  /** Every connected gateway that has said who it is, and how far it is with what it is served. */
  progress(): readonly NodeProgress[];
  /** Lets what nodes have refused be sent to them once more, when it is published next. */
  forgive(): void;
  /**
   * Resolves when every connected gateway and sidecar has answered for a generation (of
   * `publish`) or a newer one, at the latest after `timeoutMs`. Never rejects.
   */
  acked(generation: number, timeoutMs: number): Promise<Convergence>;
  /** Ends the streams of nodes whose proof does not hold any more. */
  withdraw(isGone: (proof: NodeProof) => boolean): void;
  /** Whether there is a snapshot to serve. */
  ready(): boolean;
  /** How many streams are open, and how many of them wait for a push. */
  load(): { readonly streams: number; readonly waiting: number };
  /** Ends every stream; the gRPC server is its maker's to close. */
  close(): void;
}

type Reached = Pick<NodeProgress, "answered" | "refused">;

/** One connected node: how far it is, and what it has proved to be. */
interface Connected extends Progress, Connection {}

interface Connection {
  readonly proof: NodeProof;
  readonly peer: string;
}

/** Adds ADS, in both variants, to a gRPC server. Nobody is answered before the first `publish`. */
export function createXdsServer(options: XdsOptions): XdsServer {
  const { clock = systemClock, random = Math.random } = options;
  const { identifier = "smartcall", viewFor = (_, view) => view } = options;
  const streams = new Map<AdsStream, Connected>();
  const refusals = createRefusals();
  const leftBehind = createLeftBehind();
  const proxyless = createProxyless();
  let closed = false;

  const observe = (event: XdsEvent): void => {
    logEvent(options.log, event);
    options.observe(event);
  };
  const queue = createPushQueue<AdsStream>((stream) => stream.push(), setImmediate);
  const pushAll = (): void => {
    leftBehind.begin(publisher.current()?.view);
    for (const stream of streams.keys()) queue.add(stream);
    waiters.check();
    options.moved?.();
  };
  const publisher = createPublisher(clock, pushAll, observe);
  const progress = (): readonly Progress[] =>
    [...streams].filter(([stream]) => isAwaited(stream.state().node)).map(([, reached]) => reached);
  const waiters = createConvergenceWaiters(clock, () => publisher.current()?.number ?? 0, progress);
  // Of the state that each stream is in: it is asked for whenever any node moves.
  const reports = new WeakMap<StreamState, { readonly view: View; readonly told: Reached }>();
  const reachedBy = (stream: AdsStream, state: StreamState, view: View): Reached => {
    const known = reports.get(state);
    if (known?.view === view) return known.told;
    const answered = watchesAll(state, view) && standing(state, view) !== "behind";
    const told = { answered, refused: stream.refusals(view) };
    reports.set(state, { view, told });
    return told;
  };
  const withPeer = createPeers();
  const viewOfNode = (node: Node, { peer, proof }: Connection): View | undefined => {
    const current = publisher.current();
    if (current === undefined) return undefined;
    const view = viewIn(current, node);
    return node.proxyless ? proxyless(view) : viewFor(withPeer(node, peer), view, proof);
  };
  const moved = (stream: AdsStream, openedAt: number): void => {
    options.moved?.();
    const current = publisher.current();
    const { node } = stream.state();
    const connected = streams.get(stream);
    const view = node && connected && viewOfNode(node, connected);
    if (current === undefined || view === undefined) return;
    if (connected === undefined || connected.generation >= current.number) return;
    const stands = standing(stream.state(), view);
    // One that has just come may be in step with what it has asked for so far.
    if (stands === "behind" || !watchesAll(stream.state(), view)) return;
    const refused = stands === "refused";
    streams.set(stream, { ...connected, generation: current.number, refused });
    const at = clock.now();
    if (openedAt <= current.changedAt) {
      observe({ kind: "converged", at, stream: stream.id, ms: at - current.changedAt, refused });
    }
    waiters.check();
  };
  const { connectRate, mostStreams } = options;
  const admission = createAdmission({ connectRate, mostStreams, now: () => clock.now() });
  const nodes = (): readonly (Node | undefined)[] =>
    [...streams.keys()].map((stream) => stream.state().node);
  const serve = <Asked, Told>(dialect: Dialect<Asked, Told>, proven: boolean) => {
    return (call: ServerDuplexStream<Asked, Told>): void => {
      const at = clock.now();
      const peer = call.getPeer();
      const admitted = closed
        ? { ok: false as const, code: status.UNAVAILABLE, message: shuttingDown }
        : admission((shown) => (proven ? owner : options.joinedBy(shown, peer)), call.metadata);
      if (!admitted.ok) {
        const { code, message } = admitted;
        observe({ kind: "refused stream", at, code: status[code], message, peer });
        call.emit("error", { code, details: message });
        return;
      }
      const { proof, ended } = admitted;
      const stream = serveStream(call, dialect, {
        id: randomUUID(),
        controlPlane: identifier,
        proof,
        viewFor: (node) => viewOfNode(node, { peer, proof }),
        reason: () => publisher.current()?.reason ?? "request",
        refusals,
        leftBehind,
        refusal: (node) => refusalOf(node, proof, nodes()),
        now: () => clock.now(),
        observe,
        moved: (from) => moved(from, at),
        ended: (from) => {
          ended();
          grown();
          streams.delete(from);
          queue.remove(from);
          waiters.check();
          options.moved?.();
        },
      });
      const grown = clock.after(streamAge(random()), () => {
        stream.end(status.UNAVAILABLE, longServed);
      });
      streams.set(stream, { generation: 0, refused: false, peer, proof });
    };
  };
  const serviceFor = (proven: boolean) => ({
    DeltaAggregatedResources: serve(delta, proven),
    StreamAggregatedResources: serve(sotw, proven),
  });
  options.server.addService(aggregatedDiscovery, serviceFor(false));
  options.localServer?.addService(aggregatedDiscovery, serviceFor(true));

  return {
    publish: (snapshot, reason, ahead) => publisher.publish(snapshot, reason, ahead),
    progress: () => {
      const generation = publisher.current()?.number ?? 0;
      return [...streams].flatMap(([stream, connection]) => {
        const state = stream.state();
        const view = isGateway(state.node) ? viewOfNode(state.node, connection) : undefined;
        if (!isGateway(state.node) || view === undefined) return [];
        return [{ node: state.node.id, generation, ...reachedBy(stream, state, view) }];
      });
    },
    renewed: (cluster) => {
      let found = false;
      for (const stream of streams.keys()) {
        if (stream.state().node?.cluster !== cluster) continue;
        queue.add(stream);
        found = true;
      }
      return found;
    },
    connected: (id) => {
      let newest: ConnectedNode | undefined;
      for (const [stream, connection] of streams) {
        const state = stream.state();
        const { node } = state;
        if (node?.id !== id) continue;
        const view = viewOfNode(node, connection);
        const refused = view === undefined ? [] : stream.refusals(view);
        const pending = view === undefined || !hasListened(state, view);
        newest = { ...node, peer: connection.peer, pending, refused };
      }
      return newest;
    },
    forgive: () => {
      refusals.clear();
      for (const stream of streams.keys()) stream.forgive();
    },
    acked: (generation, timeoutMs) => waiters.wait(generation, timeoutMs),
    withdraw: (isGone) => {
      for (const [stream, { proof }] of [...streams]) {
        if (isGone(proof)) stream.end(status.UNAUTHENTICATED, withdrawn);
      }
    },
    ready: () => publisher.current() !== undefined,
    load: () => ({ streams: streams.size, waiting: queue.size() }),
    close: () => {
      closed = true;
      publisher.close();
      for (const stream of [...streams.keys()]) stream.end(status.UNAVAILABLE, shuttingDown);
    },
  };
}

// Nobody waits for a program that only calls agents.
function isAwaited(node: Node | undefined): node is Node {
  return node !== undefined && node.proxyless !== true;
}

// A rollout waits for gateways: what a mesh becomes for one sidecar says nothing of it all.
function isGateway(node: Node | undefined): node is Node {
  return isAwaited(node) && sidecarOf(node) === undefined;
}

const shuttingDown = "The control plane is shutting down; connect again in a moment.";
const longServed = "This xDS stream has lasted long; connect again.";
/** Whoever can open the socket is the mesh's owner. */
const owner = { ok: true, proof: { kind: "owner" } } as const;
