// Where the instances of an agent are, in words.

import type { AgentConfig } from "../../config/agent-config.ts";

/** Such as `instances by lease`, or `instances by DNS writer.internal:50051, TLS by tls/ca.pem`. */
export function agentWords({ instances }: AgentConfig): string {
  if (instances === undefined) return "instances by lease";
  const { dns, static: addresses = [], tls } = instances;
  const where =
    dns === undefined
      ? `instances at ${addresses.map(({ value: { text } }) => text).join(", ")}`
      : `instances by DNS ${dns.value.host}:${dns.value.port}`;
  if (tls === undefined) return where;
  const name = tls.name === undefined ? "" : ` for ${tls.name.value}`;
  return `${where}, TLS by ${tls.ca.file}${name}`;
}
