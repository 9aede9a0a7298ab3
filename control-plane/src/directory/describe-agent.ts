// An agent as the directory tells of it.

import { directoryPb } from "@smartcall/protos";
import type { Instance } from "../source/instance.ts";
import type { OwnPath } from "../source/own-services/index.ts";
import type { KnownAgent } from "./known-agents.ts";

/** The message that callers get. */
export function describeAgent(known: KnownAgent): directoryPb.Agent {
  const { agent, description, instances, routes } = known;
  const { name, services } = agent;
  const models = routes.flatMap(({ match }) => match.models ?? []);
  const capabilities = new directoryPb.Capabilities();
  capabilities.setMethodsList(["invoke", "stream", "converse"]);
  capabilities.setOwnMethodsList(methodsOf(services?.paths ?? []));
  capabilities.setModelsList(distinct(models));
  const described = new directoryPb.Agent();
  described.setName(name);
  described.setDescription(description);
  described.setVersionsList(
    distinct(instances.map(({ version }) => version)).filter((version) => version !== ""),
  );
  described.setHealth(healthOf(instances));
  described.setCapabilities(capabilities);
  return described;
}

function healthOf(instances: readonly Instance[]): string {
  const healthy = instances.filter((instance) => instance.healthy).length;
  if (healthy === 0) return "unavailable";
  return healthy < instances.length ? "degraded" : "available";
}

function methodsOf(paths: readonly OwnPath[]): directoryPb.AgentMethod[] {
  const rest = new Map(
    paths.flatMap(({ door, method, path }) => (door === "rest" ? [[method, path] as const] : [])),
  );
  return paths
    .filter(({ door }) => door === "grpc")
    .map(({ clientStreams, method, serverStreams }) => {
      const described = new directoryPb.AgentMethod();
      described.setGrpc(method);
      described.setRest(rest.get(method) ?? "");
      described.setClientStreams(clientStreams);
      described.setServerStreams(serverStreams);
      return described;
    });
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
