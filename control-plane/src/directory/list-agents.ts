// One page of the list of agents.

import { directoryPb } from "@smartcall/protos";
import { compare } from "../source/compare.ts";
import { describeAgent } from "./describe-agent.ts";
import type { KnownAgent } from "./known-agents.ts";

/** How many agents a page has where its reader does not say. */
const standardSize = 100;
/** The most bytes of a page: a gateway holds it whole while it translates it. */
const mostBytes = 256 * 1024;

/**
 * The page after the agent that `pageToken` names.
 *
 * @param seen the agents that the reader may call, sorted by name
 */
export function listAgents(
  seen: readonly KnownAgent[],
  { pageSize, pageToken }: { readonly pageSize: number; readonly pageToken: string },
): directoryPb.ListAgentsResponse {
  const rest = seen.filter(({ agent }) => compare(agent.name, pageToken) > 0);
  const page: directoryPb.Agent[] = [];
  let bytes = 0;
  for (const known of rest.slice(0, pageSize || standardSize)) {
    const described = describeAgent(known);
    bytes += described.serializeBinary().length;
    if (page.length > 0 && bytes > mostBytes) break;
    page.push(described);
  }
  const response = new directoryPb.ListAgentsResponse();
  response.setAgentsList(page);
  if (page.length < rest.length) response.setNextPageToken(page.at(-1)?.getName() ?? "");
  return response;
}
