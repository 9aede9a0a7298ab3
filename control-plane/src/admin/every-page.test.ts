// Every page that there is, as the routers list them, asked for over the network without a token.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import type { Router } from "express";
import { createBudgetOffice } from "./budget-office.ts";
import { createMetrics } from "./metrics.ts";
import { createPages } from "./pages.ts";

/** What anyone may ask, and why: a probe has no token, and verifiers need public keys. */
const open = ["GET /.well-known/jwks.json", "GET /healthz", "GET /readyz"];

describe("every page of the control plane", () => {
  const app = createPages({
    access: { from: "network", check: () => ({ ok: false, kind: "token", why: "it is none" }) },
    ready: () => true,
    metrics: createMetrics(),
    mesh: () => ({}),
    files: () => ({}),
    apply: () => undefined,
    nodes: () => [],
    agents: () => [],
    docs: { document: () => undefined, docsFile: () => undefined },
    listed: () => [],
    keys: () => undefined,
    budgets: createBudgetOffice({
      services: [],
      describe: () => undefined,
      audit: { note: () => undefined },
    }),
    keySet: () => '{"keys":[]}',
    forgetNode: () => false,
    failed: () => undefined,
  });
  const listed = routesOf(app.router);

  it("is listed here by its router", () => {
    expect(listed).to.include.members(open);
    expect(listed).to.include.members([
      "GET /mesh",
      "POST /mesh/apply",
      "POST /keys",
      "GET /budgets",
    ]);
  });

  it("answers nobody without a token, but for health and public keys", async () => {
    const server = createServer(app).listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const { port } = addressOf(server.address());
      for (const route of listed) {
        const [method = "", path = ""] = route.split(" ");
        for (const headers of [{}, { authorization: "Bearer guessed" }]) {
          const { status } = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers });
          expect(status, route).to.equal(open.includes(route) ? 200 : 401);
        }
      }
    } finally {
      server.close();
    }
  });
});

/** Such as `GET /mesh`, of the app's router and of each router in it. */
function routesOf({ stack }: Pick<Router, "stack">): readonly string[] {
  return stack.flatMap(({ route, handle }) => {
    if (route === undefined) return isRouter(handle) ? routesOf(handle) : [];
    const methods = new Set(route.stack.map(({ method }) => method.toUpperCase()));
    return [...methods].map((method) => `${method} ${route.path}`);
  });
}

function isRouter(handle: object): handle is Router {
  return "stack" in handle && Array.isArray(handle.stack);
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === "string") throw new Error("it listens at no port");
  return address;
}
