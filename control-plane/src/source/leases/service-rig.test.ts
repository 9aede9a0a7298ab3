// A lease service on a real gRPC server, and a client of it.

import {
  type ClientDuplexStream,
  credentials,
  Metadata,
  Server,
  ServerCredentials,
  type StatusObject,
} from "@grpc/grpc-js";
import { LeaseServiceClient, leasePb } from "@smartcall/protos";
import { joinedByToken } from "../../state/index.ts";
import { type FakeClock, fakeClock } from "./fake-clock.test.ts";
import type { LeaseNote } from "./lease.ts";
import { type LeaseServiceOptions, type LeaseServing, serveLeases } from "./lease-service.ts";
import { createLeaseTable, type LeaseTable } from "./lease-table.ts";
import type { SidecarPlace } from "./sidecar-place.ts";

export type Hold = ClientDuplexStream<leasePb.LeaseReport, leasePb.LeaseNotice>;

/** A mesh `demo` that lists `echo`, whose join token is `secret`; sidecars of `echo` are connected. */
export interface ServiceRig {
  readonly clock: FakeClock;
  readonly table: LeaseTable;
  readonly serving: LeaseServing;
  readonly notes: LeaseNote[];
  readonly port: number;
  /** When gateways have the endpoints; at once, until it is set. */
  acked: () => Promise<void>;
  client: LeaseServiceClient;
  /** @param node the sidecar that it comes by, `echo/a` unless given; `""`: none */
  hold(token?: string, node?: string): Hold;
  /** Resolves at the next change of endpoints. */
  nextChange(): Promise<void>;
  /** Which instances of `echo` get calls. */
  health(): readonly boolean[];
  close(): void;
}

export async function serviceRig(options: Partial<LeaseServiceOptions> = {}): Promise<ServiceRig> {
  const clock = fakeClock();
  const notes: LeaseNote[] = [];
  let changed = (): void => undefined;
  const say = (note: LeaseNote): void => void notes.push(note);
  const table = createLeaseTable({
    clock,
    listing: { agents: new Set(["echo"]), dev: false },
    change: () => changed(),
    keep: () => undefined,
    say,
  });
  const server = new Server();
  const serving = serveLeases(server, {
    table,
    clock,
    mesh: () => "demo",
    joinedBy: joinedByToken("secret"),
    sidecar: ofEcho,
    acked: () => rig.acked(),
    say,
    ...options,
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  const rig: ServiceRig = {
    clock,
    table,
    serving,
    notes,
    port,
    acked: async () => undefined,
    client: new LeaseServiceClient(`127.0.0.1:${port}`, credentials.createInsecure()),
    hold(token = "secret", node = "echo/a") {
      const metadata = new Metadata();
      metadata.set("authorization", `Bearer ${token}`);
      if (node !== "") metadata.set("smartcall-node", node);
      const stream = rig.client.hold(metadata);
      stream.on("error", () => undefined);
      return stream;
    },
    nextChange: () =>
      new Promise((resolve) => {
        changed = resolve;
      }),
    health: () => (table.instances().get("echo") ?? []).map(({ healthy }) => healthy),
    close() {
      rig.client.close();
      serving.close();
      server.forceShutdown();
    },
  };
  return rig;
}

/** All listen at one place. */
function ofEcho(node: string): SidecarPlace | undefined {
  if (!node.startsWith("echo/")) return undefined;
  return { agent: "echo", address: { kind: "ip", host: "127.0.0.1", port: 50_051 } };
}

export function endOf(stream: Hold): Promise<StatusObject> {
  return new Promise((resolve) => stream.once("status", resolve));
}

export function noticeOn(stream: Hold): Promise<leasePb.LeaseNotice> {
  return new Promise((resolve) => stream.once("data", resolve));
}

export function attach(fields: Partial<leasePb.Attach.AsObject> = {}): leasePb.LeaseReport {
  const message = new leasePb.Attach();
  message.setAgent(fields.agent ?? "echo");
  message.setInstance(fields.instance ?? "a");
  const report = new leasePb.LeaseReport();
  report.setAttach(message);
  return report;
}

export function healthReport(serving: boolean): leasePb.LeaseReport {
  const message = new leasePb.InstanceHealth();
  message.setServing(serving);
  const report = new leasePb.LeaseReport();
  report.setHealth(message);
  return report;
}

export function drain(): leasePb.LeaseReport {
  const report = new leasePb.LeaseReport();
  report.setDrain(new leasePb.Drain());
  return report;
}
