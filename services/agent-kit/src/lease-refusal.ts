// Why an instance has no lease, as a sentence with the remedy.

import { type StatusObject, status } from "@grpc/grpc-js";
import { startCommand } from "@smartcall/runtime";

/** What the sentence names. */
export interface RefusalPlace {
  readonly controlPlane: string;
  readonly joinTokenPath: string;
  readonly agent: string;
  /** The control plane is on another machine. */
  readonly elsewhere: boolean;
  /** The lease was held until then. */
  readonly held: boolean;
}

/** Whether the control plane itself said no; else the stream was merely lost. */
export function isRefusal(code: status): boolean {
  return refusals.has(code);
}

export function refusalOf(
  end: Pick<StatusObject, "code" | "details">,
  place: RefusalPlace,
): string {
  const at = `the control plane at ${place.controlPlane}`;
  if (end.code === status.UNAUTHENTICATED && place.elsewhere) {
    return `${at} does not take the join token at ${place.joinTokenPath}: ${end.details}`;
  }
  if (end.code === status.UNAUTHENTICATED) {
    return `${at} does not take the join token at ${place.joinTokenPath}: it is another mesh's; set SMARTCALL_STATE to the state folder of this one, or SMARTCALL_JOIN_TOKEN_FILE to a token for this agent`;
  }
  if (isRefusal(end.code)) return `${at} refuses ${place.agent}: ${end.details}`;
  if (place.held) {
    return `the connection to ${at} broke: either that ended, or this process answered nothing for seconds because a long computation held it; it attaches again`;
  }
  if (place.elsewhere) return `${at} cannot be reached; this agent goes on trying`;
  return `${at} cannot be reached: start it with \`${startCommand}\`; this agent goes on trying`;
}

const refusals: ReadonlySet<status> = new Set([
  status.UNAUTHENTICATED,
  status.PERMISSION_DENIED,
  status.FAILED_PRECONDITION,
  status.INVALID_ARGUMENT,
  status.ALREADY_EXISTS,
  status.NOT_FOUND,
  status.UNIMPLEMENTED,
  status.RESOURCE_EXHAUSTED,
]);
