// The operator's pages: health, metrics, the mesh, nodes, agents.

import express, { type ErrorRequestHandler, type Express } from "express";
import { type Access, admit } from "./access.ts";
import { type ApplyFiles, applyPage } from "./apply-page.ts";
import type { BudgetOffice } from "./budget-office.ts";
import { budgetPages } from "./budget-pages.ts";
import { type Docs, docsPages } from "./docs-pages.ts";
import { forgetPage } from "./forget-page.ts";
import { jsonBody } from "./json-body.ts";
import type { KeyOffice } from "./key-office.ts";
import { keyPages } from "./key-pages.ts";
import type { ListedAgent } from "./listed-agents.ts";

/** What the pages show. Nothing here may hold a secret. */
export interface Pages {
  /** Who may see them. */
  readonly access: Access;
  /** Whether a model is loaded and served. */
  readonly ready: () => boolean;
  readonly metrics: {
    readonly contentType: string;
    render(): Promise<string>;
  };
  /** What is served and what is refused. Anything that can be written as JSON. */
  readonly mesh: () => unknown;
  /** The operator's files as they are served. Anything that can be written as JSON. */
  readonly files: () => unknown;
  /** Undefined while nothing is served. */
  readonly apply: () => ApplyFiles | undefined;
  /** Anything that can be written as JSON. */
  readonly nodes: () => unknown;
  /** The instances that run. Anything that can be written as JSON. */
  readonly agents: () => unknown;
  /** The agents that the mesh lists, whether or not an instance of them runs. */
  readonly listed: () => readonly ListedAgent[];
  /** What callers may call. */
  readonly docs: Docs;
  /** Undefined while nothing is served. */
  readonly keys: () => KeyOffice | undefined;
  /** Who spent what. */
  readonly budgets: BudgetOffice;
  /** The public keys of the mesh's own tokens: a JSON Web Key Set. */
  readonly keySet: () => string;
  /** Forgets a gateway that is not connected; false where there is none of this id. */
  readonly forgetNode: (node: string) => boolean;
  /** Told of a page that failed; the reader is told only that it did. */
  readonly failed: (error: unknown) => void;
}

/** The pages as an express app. All but health and public keys need what `access` asks for. */
export function createPages(pages: Pages): Express {
  const app = express();
  app.disable("x-powered-by");
  app.get("/healthz", (_, response) => {
    response.json({ status: "ok" });
  });
  app.get("/readyz", (_, response) => {
    const ready = pages.ready();
    response.status(ready ? 200 : 503).json({ status: ready ? "ok" : "no model is loaded yet" });
  });
  app.get("/.well-known/jwks.json", (_, response) => {
    // No verifier may keep it longer than a new key is only published.
    response.set("cache-control", "public, max-age=5");
    response.type("application/jwk-set+json").send(pages.keySet());
  });
  app.use(admit(pages.access));
  app.get("/metrics", async (_, response) => {
    const text = await pages.metrics.render();
    response.type(pages.metrics.contentType).send(text);
  });
  app.get("/mesh", (_, response) => {
    response.json(pages.mesh());
  });
  app.get("/mesh/files", (_, response) => {
    response.json(pages.files());
  });
  app.post("/mesh/apply", jsonBody(), applyPage(pages.apply));
  app.get("/nodes", (_, response) => {
    response.json({ nodes: pages.nodes(), mesh: pages.mesh() });
  });
  app.post("/nodes/forget", jsonBody(), forgetPage(pages.forgetNode));
  app.use(keyPages(pages.keys));
  app.use(budgetPages(pages.budgets));
  app.get("/agents", (_, response) => {
    response.json({ agents: pages.agents(), listed: pages.listed() });
  });
  app.use(docsPages(pages.docs));
  app.use((request, response) => {
    const message = `There is no page ${request.method} ${request.path}.`;
    const hint =
      "See /healthz, /readyz, /metrics, /mesh, /mesh/files, /nodes, /agents, /openapi.json, /docs, /keys, /budgets.";
    response.status(404).json({ error: { code: 404, status: "NOT_FOUND", message, hint } });
  });
  const onError: ErrorRequestHandler = (error, _request, response, _next) => {
    pages.failed(error);
    const message = "This page failed; the log of the control plane says why.";
    response.status(500).json({ error: { code: 500, status: "INTERNAL", message } });
  };
  app.use(onError);
  return app;
}
