import { AsyncLocalStorage } from "node:async_hooks";
import { type Context, context, createTraceState, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { expect } from "chai";
import { Client } from "./index.ts";
import { nodePlatform } from "./node-platform.ts";
import { serveSockets } from "./testing/socket-server.ts";
import { answered, json, serveHttp } from "./testing/wire-server.ts";

const span = { traceId: "a".repeat(32), spanId: "b".repeat(16), traceFlags: 1 };

describe("the trace that is active", () => {
  const active = new AsyncLocalStorage<Context>();
  before(() => {
    const manager = {
      active: () => active.getStore() ?? ROOT_CONTEXT,
      with: (at: Context, act: (...args: never[]) => unknown, self: unknown, ...args: never[]) =>
        active.run(at, () => Reflect.apply(act, self, args)),
      bind: (_: Context, target: unknown) => target,
      enable: () => manager,
      disable: () => manager,
    };
    context.setGlobalContextManager(Object.assign(manager));
  });
  after(() => context.disable());

  it("goes along with every call, by both doors", async () => {
    const server = await serveHttp((response) => json(response, 200, answered));
    const sockets = await serveSockets();
    const traceState = createTraceState("vendor=1");
    await context.with(trace.setSpanContext(ROOT_CONTEXT, { ...span, traceState }), async () => {
      await new Client({ url: server.url }).agent("a").invoke("x");
      const socket = await new Client({ url: sockets.url }).agent("a").converse();
      await socket.close();
    });
    const expected = {
      traceparent: `00-${span.traceId}-${span.spanId}-01`,
      tracestate: "vendor=1",
    };
    expect(server.seen[0]?.headers).to.include(expected);
    expect(sockets.sockets[0]?.headers).to.include(expected);
    await Promise.all([server.close(), sockets.close()]);
  });

  it("is none where none is, or where it is not valid", async () => {
    expect(await nodePlatform.activeTrace()).to.deep.equal({});
    const zeros = { ...span, traceId: "0".repeat(32) };
    const found = context.with(trace.setSpanContext(ROOT_CONTEXT, zeros), () =>
      nodePlatform.activeTrace(),
    );
    expect(await found).to.deep.equal({});
    const plain = context.with(trace.setSpanContext(ROOT_CONTEXT, span), () =>
      nodePlatform.activeTrace(),
    );
    expect(Object.keys(await plain)).to.deep.equal(["traceparent"]);
  });
});
