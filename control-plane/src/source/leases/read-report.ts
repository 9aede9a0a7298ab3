// What an instance says, out of the contract's messages.

import type { leasePb } from "@smartcall/protos";
import type { Registration } from "./attach-lease.ts";
import type { Refusal } from "./lease.ts";
import { parseLeaseAddress } from "./lease-address.ts";

/** What is wrong with a report by the contract's rules: JSON paths, and what each must be. */
export type CheckReport = (
  report: leasePb.LeaseReport,
) => readonly { readonly path: string; readonly problem: string }[];

/** What an instance says once it is attached. */
export type Said =
  | { readonly kind: "health"; readonly serving: boolean }
  | { readonly kind: "drain" };

/** Who an instance is, from its first report, or why that is not taken. */
export function readAttach(
  report: leasePb.LeaseReport,
  check: CheckReport,
): Registration | Refusal {
  const problems = check(report);
  if (problems.length > 0) return unsound(problems);
  const attach = report.getAttach();
  if (attach === undefined) return invalid("The first report has to be attach.");
  const address = parseLeaseAddress(attach.getAddress());
  if (typeof address === "string") return invalid(`attach.address: ${address}`);
  return {
    agent: attach.getAgent(),
    instance: attach.getInstance(),
    address,
    version: attach.getVersion(),
    zone: attach.getZone(),
    description: attach.getDescription(),
  };
}

/** What a later report says, or why the stream cannot go on. */
export function readReport(report: leasePb.LeaseReport, check: CheckReport): Said | Refusal {
  const problems = check(report);
  if (problems.length > 0) return unsound(problems);
  const health = report.getHealth();
  if (health !== undefined) return { kind: "health", serving: health.getServing() };
  if (report.hasDrain()) return { kind: "drain" };
  return invalid("Only the first report can be attach.");
}

function unsound(problems: ReturnType<CheckReport>): Refusal {
  return invalid(`${problems.map(({ path, problem }) => `${path} ${problem}`).join("; ")}.`);
}

function invalid(message: string): Refusal {
  return { code: "INVALID_ARGUMENT", message };
}
