// Checks where an agent's instances are, and that nobody reaches them in the clear.

import { isLocal, isLocalName } from "../../source/addresses/address.ts";
import type { InstancesConfig } from "../agent-config.ts";
import { placeOf, problem, type Report } from "../problem.ts";
import type { Located } from "../schema/collections.ts";

/** Reports all that is wrong with the `instances` of one agent. */
export function checkInstances(agent: string, instances: InstancesConfig, report: Report): void {
  const { at, dns, flawed, sidecars, static: listed, tls } = instances;
  const isKnown = !flawed.has("dns") && !flawed.has("static");
  if (isKnown && dns === undefined && listed === undefined) {
    report(problem("SC408", at, { agent }));
  }
  checkTwice(listed ?? [], report);
  if (flawed.has("tls") || flawed.has("sidecars")) return;
  if (tls === undefined) {
    if (sidecars?.value === false) checkClear(instances, report);
    return;
  }
  if (sidecars?.value === true) report(problem("SC435", sidecars.at, { agent }));
  if (tls.name === undefined && !tls.flawed.has("name") && listed?.some(isSocket) === true) {
    const example = `name: ${agent}.internal`;
    report(problem("SC203", tls.at, { key: "name", where: "`tls` of a Unix socket", example }));
  }
}

/** Of instances that are said to be no sidecars. */
function checkClear({ dns, static: listed = [] }: InstancesConfig, report: Report): void {
  for (const { at, value } of listed) {
    if (!isLocal(value.address)) report(inTheClear(value.text, at));
  }
  if (dns !== undefined && !isLocalName(dns.value.host)) {
    report(inTheClear(`${dns.value.host}:${dns.value.port}`, dns.at));
  }
}

function isSocket({ value }: Located<{ readonly address: { readonly kind: string } }>): boolean {
  return value.address.kind === "unix";
}

function inTheClear(address: string, at: InstancesConfig["at"]) {
  return problem("SC409", at, { address });
}

function checkTwice(listed: NonNullable<InstancesConfig["static"]>, report: Report): void {
  const first = new Map<string, (typeof listed)[number]>();
  for (const each of listed) {
    const key = JSON.stringify(each.value.address);
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, each);
    } else {
      const place = placeOf(earlier.at, each.at);
      report(problem("SC410", each.at, { address: each.value.text, place }));
    }
  }
}
