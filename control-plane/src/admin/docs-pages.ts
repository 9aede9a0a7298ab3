// What callers may call, for operators: the document of all agents, and the page to read it in.

import { type Response, Router } from "express";
import { pagePolicy } from "../config/directory-paths.ts";
import type { PageFile } from "../directory/index.ts";

/** Where the page and its files come from. */
export interface Docs {
  /** What callers may call, as an OpenAPI document; undefined while nothing is served. */
  readonly document: () => string | undefined;
  /** A file of the page, the page itself for no name; undefined where there is none. */
  readonly docsFile: (name: string) => PageFile | undefined;
}

/** The document and the page. */
export function docsPages({ docsFile, document }: Docs): Router {
  const router = Router();
  router.get("/openapi.json", (_, response, next) => {
    const text = document();
    if (text === undefined) next();
    else response.type("json").send(text);
  });
  const send = (name: string, response: Response, next: () => void): void => {
    const file = docsFile(name);
    if (file === undefined) {
      next();
      return;
    }
    response.set({ "content-security-policy": pagePolicy, "referrer-policy": "no-referrer" });
    response.type(file.type).send(Buffer.from(file.bytes));
  };
  router.get("/docs", (_, response, next) => send("", response, next));
  router.get("/docs/:file", ({ params }, response, next) => send(params.file, response, next));
  return router;
}
