// `POST /mesh/apply`: an operator sends a mesh's files, and hears of each step as it is done.

import type { RequestHandler } from "express";
import { readerOf, refuse } from "./access.ts";

/** One file, as its sender names it. */
interface SentFile {
  readonly name: string;
  readonly text: string;
}

/** Applies what was sent; tells each step, which can be written as JSON. */
export type ApplyFiles = (
  sent: { readonly files: readonly SentFile[]; readonly folder: boolean },
  who: string,
  tell: (step: object) => void,
) => Promise<void>;

/** Answers one JSON line a step. Who goes away before the end changes nothing of it. */
export function applyPage(apply: () => ApplyFiles | undefined): RequestHandler {
  return async (request, response) => {
    const run = apply();
    if (run === undefined) {
      const message = "No mesh is served yet.";
      refuse(response, 503, "UNAVAILABLE", "NOT_READY", message);
      return;
    }
    const sent = sentIn(request.body);
    if (sent === undefined) {
      const message =
        'Send {"files":[{"name":"mesh.yaml","text":"…"}]}, and "folder":true with all files of a folder.';
      refuse(response, 400, "INVALID_ARGUMENT", "INVALID_REQUEST", message);
      return;
    }
    response
      .status(200)
      .set({ "content-type": "application/x-ndjson", "cache-control": "no-store" });
    response.flushHeaders();
    await run(sent, readerOf(request), (step) => response.write(`${JSON.stringify(step)}\n`));
    response.end();
  };
}

function sentIn(body: unknown): Parameters<ApplyFiles>[0] | undefined {
  if (typeof body !== "object" || body === null || !("files" in body)) return undefined;
  const { files } = body;
  if (!Array.isArray(files)) return undefined;
  const found = files.flatMap(fileIn);
  if (found.length < files.length) return undefined;
  return { files: found, folder: "folder" in body && body.folder === true };
}

function fileIn(value: unknown): readonly SentFile[] {
  if (typeof value !== "object" || value === null || !("name" in value && "text" in value)) {
    return [];
  }
  const { name, text } = value;
  return typeof name === "string" && typeof text === "string" ? [{ name, text }] : [];
}
