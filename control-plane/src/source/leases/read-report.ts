// What an instance says, out of the contract's messages.

import { contractRules, type leasePb, type Violation, validate } from "@smartcall/protos";
import type { InstanceAddress } from "../instance.ts";
import { readOwnServices } from "../own-services/index.ts";
import type { Registration } from "./attach-lease.ts";
import type { Load, Refusal } from "./lease.ts";

/** Reads reports by the contract's rules; what breaks one ends the stream. */
export interface ReportReader {
  /**
   * Who an instance is: its first report.
   *
   * @param address where its sidecar takes its calls
   */
  readAttach(report: leasePb.LeaseReport, address: InstanceAddress): Registration | Refusal;
  /** How an instance is: every later one. */
  readChange(report: leasePb.LeaseReport): Change | Refusal;
}

/** What an instance says once it is attached. */
export type Change =
  | { readonly kind: "health"; readonly serving: boolean; readonly load: Load }
  | { readonly kind: "drain" };

/** By the committed descriptor set. */
export function createReportReader(): ReportReader {
  const { rulesOf, typeOf } = contractRules();
  const type = typeOf("smartcall.v1.LeaseReport");
  const check = (report: leasePb.LeaseReport): Refusal | undefined => {
    const violations = validate(type, report.serializeBinary(), rulesOf);
    return violations.length > 0 ? invalid(`${violations.map(sentence).join("; ")}.`) : undefined;
  };
  return {
    readAttach: (report, address) => check(report) ?? registrationIn(report.getAttach(), address),
    readChange: (report) => check(report) ?? changeIn(report),
  };
}

function registrationIn(
  attach: leasePb.Attach | undefined,
  address: InstanceAddress,
): Registration | Refusal {
  if (attach === undefined) return invalid("The first report has to be attach.");
  const agent = attach.getAgent();
  const bytes = attach.getServices_asU8();
  const services = bytes.length === 0 ? undefined : readOwnServices(bytes, agent);
  if (services !== undefined && "problems" in services) {
    return invalid(`Of the services of ${agent} itself, ${services.problems.join("; ")}.`);
  }
  return {
    agent,
    instance: attach.getInstance(),
    address,
    version: attach.getVersion(),
    zone: attach.getZone(),
    description: attach.getDescription(),
    labels: Object.fromEntries(attach.getLabelsList().map(labelIn)),
    ...(services && { services }),
  };
}

/** Without a value it is a name alone. */
function labelIn(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function changeIn(report: leasePb.LeaseReport): Change | Refusal {
  const health = report.getHealth();
  if (health !== undefined) {
    const load = { running: health.getRunning(), waiting: health.getWaiting() };
    return { kind: "health", serving: health.getServing(), load };
  }
  return report.hasDrain() ? { kind: "drain" } : invalid("Only the first report can be attach.");
}

function sentence({ path, problem }: Violation): string {
  return path === "" ? `The report ${problem}` : `${path} ${problem}`;
}

function invalid(message: string): Refusal {
  return { code: "INVALID_ARGUMENT", message };
}
