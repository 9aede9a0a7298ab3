// Reads what an operator sends: JSON, and not more of it than a mesh may be.

import express, { type RequestHandler } from "express";
import { maxMeshBytes } from "../source/files/mesh-files.ts";
import { refuse } from "./access.ts";

/** In JSON a line feed or a quote takes two bytes. */
const limit = 2 * maxMeshBytes;

/** Puts the JSON of a request into its `body`; anything else is refused. */
export function jsonBody(): RequestHandler {
  const read = express.json({ limit, type: "application/json" });
  return (request, response, next) => {
    if (!request.is("application/json")) {
      const message = "Send JSON, with `content-type: application/json`.";
      refuse(response, 415, "INVALID_ARGUMENT", "INVALID_REQUEST", message);
      return;
    }
    read(request, response, (error?: unknown) => {
      if (error === undefined) {
        next();
      } else if (statusOf(error) === 413) {
        const message = `The body is larger than ${limit / 1024 / 1024} MiB.`;
        refuse(response, 413, "INVALID_ARGUMENT", "REQUEST_TOO_LARGE", message);
      } else {
        const message = "The body could not be read as JSON.";
        refuse(response, 400, "INVALID_ARGUMENT", "INVALID_REQUEST", message);
      }
    });
  };
}

function statusOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "status" in error
    ? error.status
    : undefined;
}
