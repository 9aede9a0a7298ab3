// An agent in words: where its instances are, whom it calls, how calls find an instance.

import type { AgentConfig, BalanceConfig, InstancesConfig } from "../../config/agent-config.ts";
import { duration } from "../routes/route-words.ts";

/**
 * Such as `instances by lease`, or `instances by lease and by DNS writer.internal:50051, TLS
 * by tls/ca.pem; calls assistant; hidden`.
 */
export function agentWords(agent: AgentConfig): string {
  const { balance, calls = [], concurrency, ejection, expose, instances } = agent;
  return [
    instancesWords(instances),
    ...(calls.length === 0
      ? []
      : [
          `calls ${calls
            .map(({ value }) => value)
            .sort()
            .join(", ")}`,
        ]),
    ...(expose?.value === false ? ["hidden"] : []),
    ...(balance.kind === "least-request" ? [] : [balanceWords(balance)]),
    ...(concurrency === undefined ? [] : [`at most ${concurrency} calls at once an instance`]),
    ...(ejection === undefined
      ? []
      : ejection === "never"
        ? ["never leaves out an instance that fails"]
        : [
            `leaves out an instance after ${ejection.failures} failures for ${duration(ejection.for)}, at most ${ejection.most} %`,
          ]),
  ].join("; ");
}

function instancesWords(instances: InstancesConfig | undefined): string {
  if (instances === undefined) return "instances by lease";
  const { dns, sidecars, static: addresses = [], tls } = instances;
  const where = [
    "instances by lease",
    ...(addresses.length === 0
      ? []
      : [`at ${addresses.map(({ value: { text } }) => text).join(", ")}`]),
    ...(dns === undefined ? [] : [`by DNS ${dns.value.host}:${dns.value.port}`]),
  ].join(" and ");
  const name = tls?.name === undefined ? "" : ` for ${tls.name.value}`;
  return [
    where,
    ...(tls === undefined ? [] : [`TLS by ${tls.ca.file}${name}`]),
    ...(sidecars?.value === true ? ["sidecars"] : []),
  ].join(", ");
}

function balanceWords(balance: Exclude<BalanceConfig, { kind: "least-request" }>): string {
  if (balance.kind === "header") return `the same instance for a value of header ${balance.header}`;
  return balance.claim === "sub"
    ? "the same instance for a subject"
    : `the same instance for a value of claim ${balance.claim}`;
}
