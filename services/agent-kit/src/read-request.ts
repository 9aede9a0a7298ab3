// The bytes of a request become what an agent is asked, or all that is wrong with them.

import {
  agentPb,
  contractRules,
  largestRequest,
  type Violation,
  validate,
} from "@smartcall/protos";
import { AgentError, agentError } from "./agent-error.ts";
import type { Ask } from "./call.ts";
import { askFromWire } from "./from-wire.ts";
import type { Routed } from "./host.ts";

/** What a caller of `Converse` says. */
export type Said = { readonly kind: "turn"; readonly ask: Ask } | { readonly kind: "cancel" };

/**
 * Reads requests by the contract's rules. A refusal is INVALID_ARGUMENT with every
 * violation. One too large is not looked into, so that it costs nothing.
 */
export interface RequestReader {
  readInvoke(bytes: Uint8Array, routed?: Routed): Ask | AgentError;
  readConverse(bytes: Uint8Array, routed?: Routed): Said | AgentError;
  /** The most messages one request may hold. */
  readonly mostMessages: number;
}

export function createRequestReader(): RequestReader {
  const { rulesOf, typeOf } = contractRules();
  const invokeRequest = typeOf("smartcall.v1.InvokeRequest");
  const converseRequest = typeOf("smartcall.v1.ConverseRequest");
  const messages = rulesOf(invokeRequest).fields.find(({ field }) => field.name === "messages");
  return {
    mostMessages: messages?.rules.maxItems ?? Number.POSITIVE_INFINITY,
    readInvoke(bytes, routed = {}) {
      const refused = tooLarge(bytes, routed);
      if (refused !== undefined) return refused;
      const read = readable(() => ({
        violations: validate(invokeRequest, bytes, rulesOf),
        request: agentPb.InvokeRequest.deserializeBinary(bytes),
      }));
      if (read instanceof AgentError) return read;
      const { violations, request } = read;
      const all = [...elsewhere("", request, routed), ...violations];
      return all.length > 0 ? refusal(all) : askFromWire(request);
    },
    readConverse(bytes, routed = {}) {
      const refused = tooLarge(bytes, routed);
      if (refused !== undefined) return refused;
      const read = readable(() => ({
        violations: validate(converseRequest, bytes, rulesOf),
        turn: agentPb.ConverseRequest.deserializeBinary(bytes).getTurn(),
      }));
      if (read instanceof AgentError) return read;
      const { violations, turn } = read;
      const all = [...(turn ? elsewhere("turn.", turn, routed) : []), ...violations];
      if (all.length > 0) return refusal(all);
      return turn === undefined ? { kind: "cancel" } : { kind: "turn", ask: askFromWire(turn) };
    },
  };
}

/** What would have led the call another way, had its route been chosen by it. */
function elsewhere(
  at: string,
  request: agentPb.InvokeRequest,
  { agent, model }: Routed,
): readonly Violation[] {
  const violations: Violation[] = [];
  const asked = request.getAgent();
  if (agent !== undefined && asked !== "" && asked !== agent) {
    const problem = `must be "${agent}", the agent the call was routed by, or left out`;
    violations.push({ path: `${at}agent`, problem });
  }
  if (model !== undefined && request.getModel() !== model) {
    const problem =
      model === ""
        ? "must be named by the metadata key smartcall-model too, since calls are routed by it"
        : `must be "${model}", which the metadata key smartcall-model names`;
    violations.push({ path: `${at}model`, problem });
  }
  return violations;
}

function refusal(violations: readonly Violation[]): AgentError {
  const [first] = violations;
  const more = violations.length > 1 ? ` (and ${violations.length - 1} more)` : "";
  const subject = first === undefined || first.path === "" ? "the request" : first.path;
  return agentError("INVALID_ARGUMENT", `${subject} ${first?.problem}${more}`, {
    reason: "INVALID_REQUEST",
    violations,
  });
}

const units = [
  ["MiB", 1024 * 1024],
  ["KiB", 1024],
] as const;

function tooLarge(bytes: Uint8Array, { largest }: Routed): AgentError | undefined {
  const most = Math.min(largest ?? largestRequest, largestRequest);
  if (bytes.length <= most) return undefined;
  const [unit, size] = units.find(([, each]) => most % each === 0) ?? ["bytes", 1];
  const text = `${most / size} ${unit}`;
  return agentError("INVALID_ARGUMENT", `the request is too large: it may have ${text}`, {
    reason: "REQUEST_TOO_LARGE",
  });
}

/** Bytes that are no message of the contract are the caller's mistake, not a bug. */
function readable<T>(read: () => T): T | AgentError {
  try {
    return read();
  } catch {
    return agentError("INVALID_ARGUMENT", "the request is not readable as the contract's message", {
      reason: "INVALID_REQUEST",
    });
  }
}
