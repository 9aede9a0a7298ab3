// `POST /nodes/forget`: an operator says that a gateway will not come back.

import type { RequestHandler } from "express";
import { refuse } from "./access.ts";

/** @param forget false where there is no such gateway that is cut off */
export function forgetPage(forget: (node: string) => boolean): RequestHandler {
  return (request, response) => {
    const body: unknown = request.body;
    const { node } = typeof body === "object" && body !== null && "node" in body ? body : {};
    if (typeof node !== "string") {
      refuse(response, 400, "INVALID_ARGUMENT", "INVALID_REQUEST", 'Send {"node":"…"}.');
    } else if (forget(node)) {
      response.json({ forgotten: node });
    } else {
      const message = `No gateway ${node} is cut off: \`smartcall nodes\` lists those that are.`;
      refuse(response, 404, "NOT_FOUND", "NOT_CUT_OFF", message);
    }
  };
}
