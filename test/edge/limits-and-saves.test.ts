import { expect } from "chai";
import { asking, callRest } from "../harness/rest.ts";
import type { TestGateway } from "./gateway.ts";
import {
  type LimitedGateway,
  type Routes,
  limitedRoutes as routes,
  startLimitedGateway,
  statuses,
} from "./limited-gateway.ts";

describe("The count of a limit", () => {
  let limited: LimitedGateway;
  let gateway: TestGateway;
  before(async () => {
    limited = await startLimitedGateway();
    gateway = limited.gateway;
  });
  after(() => limited.stop());
  const call: LimitedGateway["call"] = (agent, caller) => limited.call(agent, caller);

  it("lives on over a save that does not change the limit", async () => {
    const one = () => call("writer", { subject: "carl" });
    const other = () => call("editor", { subject: "carl" });
    expect(await statuses(4, one)).to.deep.equal([200, 200, 200, 429]);
    expect(await statuses(3, other)).to.deep.equal([200, 200, 429]);
    const editing = routes.editing.replace("requests: 2", "requests: 5");
    await limited.save({
      ...routes,
      editing,
      free: `{ match: { agent: free }, to: editor, timeout: 5s }`,
    });
    expect((await one()).status).to.equal(429);
    expect((await other()).headers["x-ratelimit-limit"], "the other has changed").to.equal("5");
    await limited.save({ editing });
    await limited.save(routes);
    expect((await one()).status, "it was away for a moment").to.equal(429);
    expect(await gateway.stat("listener_manager.listener_modified")).to.equal(0);
  });

  it("is each gateway's own", async () => {
    const one = () => call("writer", { subject: "gus" });
    expect(await statuses(4, one)).to.deep.equal([200, 200, 200, 429]);
    const second = await limited.another();
    try {
      const path = "/v1/agents/writer:invoke";
      const token = second.token({ subject: "gus" });
      const { headers, status } = await callRest(second, { path, token, body: asking("hello") });
      expect(status).to.equal(200);
      expect(headers["x-ratelimit-remaining"]).to.equal("2");
    } finally {
      await second.stop();
    }
  });

  it("begins anew when the limit changes, without a failed call or a cut stream", async () => {
    const token = gateway.token({ subject: "zoe" });
    const words = Array.from({ length: 40 }, (_, index) => `${index}`).join(" ");
    const stream = callRest(gateway, {
      path: "/v1/agents/free:stream",
      token,
      body: asking(words),
    });
    let saving = true;
    let calls = 0;
    const load = async (): Promise<void> => {
      for (; saving; calls++) {
        // A limited caller, who stays below each of the limits, and one without.
        for (const name of ["free", "changing"]) {
          const { status, text } = await call(name, { subject: "zoe" });
          expect(status, text).to.equal(200);
        }
      }
    };
    const many = (requests: number): Routes => ({
      ...routes,
      changing: `{ match: { agent: changing }, to: writer, limits: [{ requests: ${requests}, per: second, by: subject }, { requests: ${requests}, per: minute, by: "claim:team" }] }`,
    });
    const loads = [load(), load()];
    for (let round = 1; round <= 20; round++) await limited.save(many(10_000 + round));
    saving = false;
    await Promise.all(loads);
    expect(calls).to.be.greaterThan(10);
    expect((await stream).text.match(/"delta"/g)).to.have.length(40);
    expect(await gateway.stat("listener_manager.listener_modified")).to.equal(0);
  });
});
