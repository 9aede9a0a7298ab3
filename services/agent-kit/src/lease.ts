// Holds the lease of one instance at the control plane, and takes it again when it is lost.

import { type ClientDuplexStream, credentials, status } from "@grpc/grpc-js";
import { LeaseServiceClient, leasePb } from "@smartcall/protos";
import type { Clock, Log } from "@smartcall/runtime";
import { isRefusal, refusalOf } from "./lease-refusal.ts";

/** Between the loss of a lease, or a refusal, and the next try, in milliseconds. */
const retryMs = { lost: 250, refused: 1000 } as const;
/** Between two looks at a sidecar that is not ready yet, in milliseconds. */
const readyMs = 25;
/** How often what the instance does is looked at, in milliseconds; told where it has changed. */
const loadEveryMs = 1000;

/** Who the instance is, and where its control plane. */
export interface LeaseTerms {
  readonly sidecar: LeaseSidecar;
  /** Where the sidecar reaches the control plane, to tell it: such as `127.0.0.1:18000`. */
  readonly controlPlane: string;
  /** Where the sidecar has its join token from, to tell it. */
  readonly joinTokenPath: string;
  /** The control plane is on another machine. */
  readonly elsewhere: boolean;
  readonly agent: string;
  readonly instance: string;
  readonly version: string;
  readonly zone: string;
  readonly description: string;
  /** What operators are shown of it. */
  readonly labels: Readonly<Record<string, string>>;
  /** What it does at the moment. */
  readonly load: () => Load;
  /** What it serves beside the contract: a serialised FileDescriptorSet. */
  readonly services?: Uint8Array;
  readonly log: Log;
  readonly clock: Clock;
}

/** The way to the control plane: the sidecar adds who asks, and the proof of it. */
export interface LeaseSidecar {
  /** Its socket for that, as gRPC writes it: `unix:/path`. */
  readonly lease: string;
  ready(): boolean;
  /** The control plane does not take its join token. */
  distrusted(): void;
  /** Its address is another's: goes elsewhere where it can, and says what is to be said. */
  displaced(): string;
  /** Why it does not reach the control plane; undefined where nothing shows why. */
  unreached(): Promise<string | undefined>;
}

/** What an instance does at the moment. */
export interface Load {
  readonly running: number;
  readonly waiting: number;
}

/** A lease that is held, or about to be. */
export interface Lease {
  setServing(serving: boolean): void;
  /** Asks for no new calls; resolves to true once none comes any more, to false after `ms`. */
  drain(ms: number): Promise<boolean>;
  /** Gives the lease up. */
  close(): void;
}

type Hold = ClientDuplexStream<leasePb.LeaseReport, leasePb.LeaseNotice>;

/** Attaches, and goes on trying until `close`. What hinders it is logged once, with the remedy. */
export function holdLease(terms: LeaseTerms): Lease {
  const { log, clock } = terms;
  const { sidecar } = terms;
  const client = new LeaseServiceClient(sidecar.lease, credentials.createInsecure(), {
    "grpc.initial_reconnect_backoff_ms": 20,
    "grpc.max_reconnect_backoff_ms": 200,
  });
  let hold: Hold | undefined;
  let serving = true;
  let draining = false;
  /** The control plane has had it as a part of the mesh. */
  let known = false;
  let over = false;
  let drained = (): void => undefined;
  let hindrance = "";
  /** Why the last stream ended, where nobody said no. */
  let lost: string | undefined;
  /** What was looked into of that, so that it is done once. */
  let explained = "";
  let disarm = (): void => undefined;
  let disarmLoad = (): void => undefined;
  /** As told last on the stream that is open. */
  let told: Load = idle;

  const tellHealth = (): void => {
    told = terms.load();
    hold?.write(healthReport(serving, told));
  };
  const watchLoad = (): void => {
    disarmLoad = clock.after(loadEveryMs, () => {
      const { running, waiting } = terms.load();
      if (running !== told.running || waiting !== told.waiting) tellHealth();
      watchLoad();
    });
  };
  const hindered = (sentence: string): void => {
    if (sentence !== hindrance) log.warn(sentence);
    hindrance = sentence;
  };
  const explain = async (sentence: string): Promise<void> => {
    if (sentence === explained) return;
    explained = sentence;
    const why = await sidecar.unreached();
    if (!over && explained === sentence) hindered(why ?? sentence);
  };
  const again = (ms: number): void => {
    disarm = clock.after(ms, open);
  };
  const open = (): void => {
    if (!sidecar.ready()) {
      // What hinders a sidecar, or has ended it, is said where it is kept.
      lost = undefined;
      if (draining && !known) drained();
      again(readyMs);
      return;
    }
    if (lost !== undefined) void explain(lost);
    lost = undefined;
    const stream = client.hold();
    hold = stream;
    let held = false;
    stream.on("data", (notice: leasePb.LeaseNotice) => {
      if (notice.hasAttached()) {
        hindrance = "";
        explained = "";
        known = true;
        held = true;
        log.info({ mesh: notice.getAttached()?.getMesh() }, "attached to the mesh");
      }
      if (notice.hasDrained()) drained();
    });
    // Every end of a grpc-js client stream, a failed one too, comes as `status`.
    stream.on("error", () => undefined);
    stream.on("status", (end) => {
      hold = undefined;
      if (over) return;
      const sentence = refusalOf(end, { ...terms, held });
      const refused = isRefusal(end.code);
      // Whether the control plane was lost, or the sidecar, is known a moment later.
      if (refused) {
        explained = "";
        hindered(end.code === status.ALREADY_EXISTS ? sidecar.displaced() : sentence);
      } else lost = sentence;
      if (end.code === status.UNAUTHENTICATED) sidecar.distrusted();
      // While it drains, a control plane that comes back still has to hear of it.
      if (draining && (refused || !known)) drained();
      else again(refused ? retryMs.refused : retryMs.lost);
    });
    stream.write(attachReport(terms));
    told = idle;
    if (!serving) tellHealth();
    if (draining) stream.write(drainReport());
  };
  open();
  watchLoad();

  return {
    setServing(value) {
      serving = value;
      tellHealth();
    },
    drain(ms) {
      draining = true;
      hold?.write(drainReport());
      if (hold === undefined && !known) return Promise.resolve(true);
      return new Promise((resolve) => {
        const giveUp = clock.after(ms, () => resolve(false));
        drained = () => {
          over = true;
          giveUp();
          resolve(true);
        };
      });
    },
    close() {
      over = true;
      disarm();
      disarmLoad();
      hold?.cancel();
      client.close();
    },
  };
}

function attachReport(terms: LeaseTerms): leasePb.LeaseReport {
  const attach = new leasePb.Attach();
  attach.setAgent(terms.agent);
  attach.setInstance(terms.instance);
  attach.setVersion(terms.version);
  attach.setZone(terms.zone);
  attach.setDescription(terms.description);
  attach.setLabelsList(Object.entries(terms.labels).map(([name, value]) => `${name}=${value}`));
  if (terms.services !== undefined) attach.setServices(terms.services);
  const report = new leasePb.LeaseReport();
  report.setAttach(attach);
  return report;
}

const idle: Load = { running: 0, waiting: 0 };

function healthReport(serving: boolean, load: Load): leasePb.LeaseReport {
  const health = new leasePb.InstanceHealth();
  health.setServing(serving);
  health.setRunning(load.running);
  health.setWaiting(load.waiting);
  const report = new leasePb.LeaseReport();
  report.setHealth(health);
  return report;
}

function drainReport(): leasePb.LeaseReport {
  const report = new leasePb.LeaseReport();
  report.setDrain(new leasePb.Drain());
  return report;
}
