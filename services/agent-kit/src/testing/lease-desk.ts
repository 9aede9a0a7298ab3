// The control plane's side of LeaseService, over real gRPC, played by a test.

import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type status,
} from "@grpc/grpc-js";
import { leasePb, leaseService } from "@smartcall/protos";

/** One lease stream, as the control plane sees it. */
export interface HeldLease {
  readonly token: string;
  /** In short: `attach poet 1.0`, `health false`, `drain`. */
  readonly reports: readonly string[];
  attached(mesh: string): void;
  drained(): void;
  refuse(code: status, details: string): void;
  /** The instance has let go. */
  readonly ended: boolean;
}

export interface LeaseDesk {
  /** Such as `127.0.0.1:40001`. */
  readonly address: string;
  /** Every lease so far, the newest last. */
  readonly leases: readonly HeldLease[];
  /** Dies at once, as by `kill -9`. */
  kill(): void;
}

/** @param port 0: a free one. */
export async function openLeaseDesk(
  port = 0,
  greet: (lease: HeldLease) => void = () => undefined,
): Promise<LeaseDesk> {
  const leases: HeldLease[] = [];
  const server = new Server();
  server.addService(leaseService, {
    hold(call: ServerDuplexStream<leasePb.LeaseReport, leasePb.LeaseNotice>) {
      const lease = held(call);
      leases.push(lease);
      greet(lease);
    },
  });
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, free) => {
      if (error === null) resolve(free);
      else reject(error);
    });
  });
  return { address: `127.0.0.1:${bound}`, leases, kill: () => server.forceShutdown() };
}

function held(call: ServerDuplexStream<leasePb.LeaseReport, leasePb.LeaseNotice>): HeldLease {
  const reports: string[] = [];
  let ended = false;
  call.on("data", (report: leasePb.LeaseReport) => reports.push(inShort(report)));
  call.on("end", () => {
    ended = true;
    call.end();
  });
  call.on("cancelled", () => {
    ended = true;
  });
  return {
    token: String(call.metadata.get("authorization")[0]),
    reports,
    attached(mesh) {
      const attached = new leasePb.Attached();
      attached.setMesh(mesh);
      const notice = new leasePb.LeaseNotice();
      notice.setAttached(attached);
      call.write(notice);
    },
    drained() {
      const notice = new leasePb.LeaseNotice();
      notice.setDrained(new leasePb.Drained());
      call.write(notice);
    },
    refuse: (code, details) => call.emit("error", { code, details, metadata: new Metadata() }),
    get ended() {
      return ended;
    },
  };
}

function inShort(report: leasePb.LeaseReport): string {
  const attach = report.getAttach();
  if (attach !== undefined) {
    const { agent, version, zone, labelsList } = attach.toObject();
    return ["attach", agent, version, zone, ...labelsList].filter((part) => part !== "").join(" ");
  }
  const health = report.getHealth();
  if (health === undefined) return "drain";
  const load = [health.getRunning(), health.getWaiting()];
  const busy = load.some((calls) => calls > 0) ? load : [];
  return ["health", health.getServing(), ...busy].join(" ");
}
