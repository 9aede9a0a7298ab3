// One stream of `LeaseService.Hold`: hears an instance, and tells it when gateways know.

import { type ServerDuplexStream, status } from "@grpc/grpc-js";
import { leasePb } from "@smartcall/protos";
import { type Clock, countAgainst, type Rate } from "@smartcall/runtime";
import { type NodeProof, withdrawn } from "../../state/index.ts";
import type { InstanceAddress } from "../instance.ts";
import type { LeaseNote, Refusal } from "./lease.ts";
import { printLeaseAddress } from "./lease-address.ts";
import type { HeldLease, LeaseTable } from "./lease-table.ts";
import type { ReportReader } from "./read-report.ts";
import { awaitPlace, nodeHeader, type SidecarPlace } from "./sidecar-place.ts";

/** What a stream needs of its surroundings. */
export interface HoldOptions {
  readonly table: LeaseTable;
  readonly clock: Clock;
  /** The mesh's name, as instances are told it. */
  readonly mesh: () => string;
  /** The sidecar that is connected as this node. */
  readonly sidecar: (node: string) => SidecarPlace | undefined;
  /** Resolves when every connected gateway and sidecar has all that the table has told before it is called. */
  readonly acked: () => Promise<unknown>;
  readonly say: (note: LeaseNote) => void;
}

export type LeaseStream = ServerDuplexStream<leasePb.LeaseReport, leasePb.LeaseNotice>;

/** How long an instance has to say who it is, in milliseconds. */
export const silenceMs = 5_000;
/** How fast one instance may report: each report can be news for every gateway. */
export const reportRate: Rate = { perSecond: 20, burst: 200 };
/** How long gateways have to take a change before an instance is told regardless, in milliseconds. */
export const ackMs = 10_000;

/** Ends a stream with a status. */
export function endStream(stream: LeaseStream, code: status, message: string): void {
  stream.emit("error", Object.assign(new Error(message), { code, details: message }));
}

/**
 * Makes a lease of a stream whose sender may hold one.
 *
 * @param proof what the sender has proved to be
 * @returns what removes the instance once that proof holds no more
 */
export function holdLease(
  stream: LeaseStream,
  reader: ReportReader,
  proof: NodeProof,
  options: HoldOptions,
): () => void {
  let who = { agent: "", instance: "" };
  let held: HeldLease | undefined;
  let lastNotice: Promise<void> = Promise.resolve();
  let drained = false;
  const mayReport = countAgainst(reportRate, () => options.clock.now());

  const leave = (): void => {
    cancelSilence();
    held?.lose();
    held = undefined;
  };
  const end = ({ code, message }: Refusal): void => {
    leave();
    endStream(stream, status[code], message);
  };
  const cancelSilence = options.clock.after(silenceMs, () => {
    end({ code: "INVALID_ARGUMENT", message: "The first report, attach, did not come." });
  });
  const tell = async (notice: leasePb.LeaseNotice): Promise<void> => {
    const inTime = await ackedInTime(options);
    if (stream.cancelled || !stream.writable || drained !== notice.hasDrained()) return;
    if (!inTime) options.say({ level: "error", message: slowly, ...who });
    stream.write(notice);
  };
  const node = stream.metadata.get(nodeHeader)[0]?.toString();
  const attach = (
    report: leasePb.LeaseReport,
    { agent: own }: SidecarPlace,
    address: InstanceAddress,
  ): Refusal | undefined => {
    const registration = reader.readAttach(report, address);
    if ("code" in registration) return registration;
    const { agent, instance } = registration;
    who = { agent, instance };
    if (own !== agent) return anotherAgent(own, agent);
    if (proof.kind !== "owner" && proof.name !== agent) return anotherAgent(proof.name, agent);
    const taken = options.table.attach(registration, end);
    if ("code" in taken) return taken;
    cancelSilence();
    held = taken;
    lastNotice = tell(attachedNotice(options.mesh()));
    return undefined;
  };
  const change = (report: leasePb.LeaseReport, lease: HeldLease): Refusal | undefined => {
    const said = reader.readChange(report);
    if ("code" in said) return said;
    if (said.kind === "health") {
      lease.health(said.serving);
      lease.load(said.load);
    } else {
      drained = true;
      lease.drain();
      lastNotice = tell(drainedNotice());
    }
    return undefined;
  };

  /** By its sidecar, which may be a moment later. */
  const attachBy = async (id: string, report: leasePb.LeaseReport): Promise<void> => {
    stream.pause();
    cancelSilence();
    const place = await awaitPlace(() => options.sidecar(id), options.clock);
    if (stream.cancelled || !stream.writable) return;
    if (place?.address === undefined) refuse(noSidecar(id));
    else if (place.refused !== undefined) refuse(notListening(place.address, place.refused));
    else refuse(attach(report, place, place.address));
    stream.resume();
  };
  const refuse = (refusal: Refusal | undefined): void => {
    if (refusal === undefined) return;
    options.say({ level: "warn", message: `refused: ${refusal.message}`, ...who });
    end(refusal);
  };

  stream.on("data", (report: leasePb.LeaseReport) => {
    if (drained || !stream.writable) return;
    if (!mayReport()) {
      end({ code: "RESOURCE_EXHAUSTED", message: "Too many reports on one stream." });
      return;
    }
    if (held !== undefined) refuse(change(report, held));
    else if (node === undefined) refuse(bySidecarOnly);
    else if (proof.kind !== "owner" && !isOf(proof, node))
      refuse(anotherAgent(proof.name, node.split("/")[0] ?? ""));
    else void attachBy(node, report);
  });
  stream.on("end", () => {
    leave();
    const finish = (): void => void stream.end();
    if (drained) lastNotice.then(finish, finish);
    else finish();
  });
  for (const event of ["cancelled", "error", "finish", "close"]) stream.on(event, leave);
  return () => {
    held?.expel();
    endStream(stream, status.UNAUTHENTICATED, withdrawn);
  };
}

/** Who holds one without would be called in the clear, with its callers' tokens. */
const bySidecarOnly: Refusal = {
  code: "FAILED_PRECONDITION",
  message:
    'An instance holds its lease by its sidecar, and this stream came by none: an agent of the kit starts its own; list any other under `instances: { static: ["127.0.0.1:PORT"] }` in mesh.yaml.',
};

function noSidecar(node: string): Refusal {
  const message = `The sidecar ${node} is not connected, or listens at no port: an agent of the kit starts it, see what its Envoy says; list an agent without a sidecar under \`instances: { static: ["127.0.0.1:PORT"] }\` in mesh.yaml.`;
  return { code: "FAILED_PRECONDITION", message };
}

/** The code is that of an address which is another's: its remedy is another port, too. */
function notListening(address: InstanceAddress, words: string): Refusal {
  const message = `The sidecar cannot listen at ${printLeaseAddress(address)}: ${words}`;
  return { code: "ALREADY_EXISTS", message };
}

/** Whether the node whose id this is may be the one that was proved. */
function isOf({ name }: { readonly name: string }, node: string): boolean {
  return node.startsWith(`${name}/`);
}

function anotherAgent(own: string, agent: string): Refusal {
  const message = `This join token is for the agent "${own}" alone, and this is "${agent}": make a token for it with \`smartcall join agent ${agent}\`.`;
  return { code: "PERMISSION_DENIED", message };
}

const slowly = `a gateway has not taken the change in ${ackMs / 1000} s; the instance is told regardless`;

/** Whether the gateways took the change in time. */
function ackedInTime({ clock, acked }: HoldOptions): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = clock.after(ackMs, () => resolve(false));
    const settle = (inTime: boolean) => (): void => {
      cancel();
      resolve(inTime);
    };
    acked().then(settle(true), settle(false));
  });
}

function attachedNotice(mesh: string): leasePb.LeaseNotice {
  const attached = new leasePb.Attached();
  attached.setMesh(mesh);
  const notice = new leasePb.LeaseNotice();
  notice.setAttached(attached);
  return notice;
}

function drainedNotice(): leasePb.LeaseNotice {
  const notice = new leasePb.LeaseNotice();
  notice.setDrained(new leasePb.Drained());
  return notice;
}
