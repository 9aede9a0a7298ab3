// Reads the details of an error envelope.

import { listAt, textAt, valueAt } from "../harness/json.ts";
import type { RestReply } from "../harness/rest.ts";

/** The detail of one type, such as `ErrorInfo`; undefined where there is none. */
export function detailOf(reply: Pick<RestReply, "json">, type: string): unknown {
  const details = listAt(reply.json, "error", "details");
  return details.find((detail) => textAt(detail, "@type").endsWith(`google.rpc.${type}`));
}

/** The first field violation; undefined where there is none. */
export function violationOf(reply: RestReply): unknown {
  return valueAt(detailOf(reply, "BadRequest"), "fieldViolations", 0);
}
