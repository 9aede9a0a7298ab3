import { expect } from "chai";
import { Conversation, connected, viewFrom } from "./conversation.test.ts";

describe("the order of a push", () => {
  const before = viewFrom(
    {
      cluster: { a: "1" },
      endpoint: { a: "1" },
      listener: { l: "1" },
      route: { r: "to a" },
    },
    { "route/r": { cluster: ["a"] }, "listener/l": { route: ["r"] } },
  );
  const after = viewFrom(
    {
      cluster: { b: "1" },
      endpoint: { b: "1" },
      listener: { l: "1" },
      route: { r: "to b" },
    },
    { "route/r": { cluster: ["b"] }, "listener/l": { route: ["r"] } },
  );

  it("A50 B02 sends secrets, clusters, endpoints, extensions, listeners, routes, then removals", () => {
    const names = { secret: ["s"], extension: ["jwt"], endpoint: ["a"], route: ["r"] };
    const old = viewFrom({
      cluster: { a: "1", z: "1" },
      endpoint: { a: "1" },
      listener: { l: "1" },
      route: { r: "1" },
      secret: { s: "1" },
      extension: { jwt: "1" },
    });
    const client = new Conversation(old);
    for (const type of ["cluster", "listener"] as const) client.settle(client.say(type));
    for (const [type, subscribe] of Object.entries(names)) {
      const known =
        type === "secret" || type === "extension" || type === "endpoint" ? type : "route";
      client.settle(client.say(known, { subscribe }));
    }
    const newer = viewFrom({
      cluster: { a: "2" },
      endpoint: { a: "2" },
      listener: { l: "2" },
      route: { r: "2" },
      secret: { s: "2" },
      extension: { jwt: "2" },
    });
    expect(client.settle(client.change(newer))).to.deep.equal([
      "secret +s@2",
      "cluster +a@2",
      "endpoint +a@2",
      "extension +jwt@2",
      "listener +l@2",
      "route +r@2",
      "cluster -z",
    ]);
  });

  it("A50 moves a route: cluster, its endpoints, the route, and after its ACK the removals", () => {
    const client = connected(before);
    expect(client.change(after)).to.deep.equal(["cluster +b@1"]);
    expect(client.say("endpoint", { subscribe: ["b"] })).to.deep.equal(["endpoint +b@1"]);
    expect(client.ack("cluster")).to.deep.equal([]);
    expect(client.ack("endpoint")).to.deep.equal(["route +r@to b"]);
    expect(client.ack("route")).to.deep.equal(["cluster -a"]);
    expect(client.ack("cluster")).to.deep.equal(["endpoint -a"]);
    expect(client.ack("endpoint")).to.deep.equal([]);
  });

  it("A51 B04 re-sends the endpoints after their cluster changed, and no others", () => {
    const client = connected(
      viewFrom({ cluster: { a: "1", b: "1" }, endpoint: { a: "1", b: "1" } }),
    );
    const changed = viewFrom({ cluster: { a: "2", b: "1" }, endpoint: { a: "1", b: "1" } });
    expect(client.change(changed)).to.deep.equal(["cluster +a@2", "endpoint +a@1"]);
  });

  it("A51 re-sends endpoints that a new cluster shares with another", () => {
    const shared = { "cluster/a": { endpoint: ["e"] }, "cluster/b": { endpoint: ["e"] } };
    const client = new Conversation(
      viewFrom({ cluster: { a: "1" }, endpoint: { e: "1" } }, shared),
    );
    client.settle(client.say("cluster"));
    client.settle(client.say("endpoint", { subscribe: ["e"] }));
    const more = viewFrom({ cluster: { a: "1", b: "1" }, endpoint: { e: "1" } }, shared);
    expect(client.change(more)).to.deep.equal(["cluster +b@1", "endpoint +e@1"]);
  });

  it("A52 keeps a cluster while the routes that dropped it are refused", () => {
    const client = connected(before);
    client.change(after);
    client.say("endpoint", { subscribe: ["b"] });
    client.ack("cluster");
    expect(client.ack("endpoint")).to.deep.equal(["route +r@to b"]);
    expect(client.nack("route")).to.deep.equal([]);
    expect(client.state.types.cluster.held.has("a")).to.equal(true);
    const fixed = viewFrom(
      {
        cluster: { b: "1" },
        endpoint: { b: "1" },
        listener: { l: "1" },
        route: { r: "to b, fixed" },
      },
      { "route/r": { cluster: ["b"] } },
    );
    expect(client.change(fixed)).to.deep.equal(["route +r@to b, fixed"]);
    expect(client.ack("route")).to.deep.equal(["cluster -a"]);
  });

  it("A52 keeps the old clusters of a returning client until its routes have moved", () => {
    const client = new Conversation(after);
    const told = client.say("cluster", { holds: { a: "1" } });
    expect(told).to.deep.equal(["cluster +b@1"]);
    client.say("endpoint", { subscribe: ["a", "b"], holds: { a: "1" } });
    expect(client.ack("cluster")).to.deep.equal([]);
    expect(client.ack("endpoint")).to.deep.equal([]);
    expect(client.say("listener", { holds: { l: "1" } })).to.deep.equal([]);
    const moved = client.say("route", { subscribe: ["r"], holds: { r: "to a" } });
    expect(moved).to.deep.equal(["route +r@to b"]);
    expect(client.ack("route")).to.deep.equal(["cluster -a"]);
  });

  it("A52 holds a route back while its new cluster is refused", () => {
    const client = connected(before);
    client.change(after);
    expect(client.nack("cluster")).to.deep.equal([]);
    expect(client.state.types.route.held.get("r")).to.equal("to a");
  });

  it("A52 holds a route back while a cluster that it names again is on its way out", () => {
    const client = connected(before);
    client.change(after);
    client.say("endpoint", { subscribe: ["b"] });
    client.ack("cluster");
    client.ack("endpoint");
    expect(client.ack("route")).to.deep.equal(["cluster -a"]);
    expect(client.change(before)).to.deep.equal([]);
    expect(client.ack("cluster")).to.deep.equal(["cluster +a@1", "endpoint +a@1"]);
    expect(client.ack("cluster")).to.deep.equal(["route +r@to a"]);
  });

  it("A56 sends no routes when only the listener changes", () => {
    const client = connected(before);
    const changed = viewFrom({
      cluster: { a: "1" },
      endpoint: { a: "1" },
      listener: { l: "2" },
      route: { r: "to a" },
    });
    expect(client.settle(client.change(changed))).to.deep.equal(["listener +l@2"]);
  });

  it("A60 sends a rotated certificate alone, and only to one who named it", () => {
    const of = (version: string) =>
      viewFrom({ listener: { l: "1" }, secret: { s: version, t: "1" } });
    const client = new Conversation(of("1"));
    client.settle(client.say("listener"));
    expect(client.settle(client.say("secret", { subscribe: ["s"] }))).to.deep.equal([
      "secret +s@1",
    ]);
    expect(client.settle(client.change(of("2")))).to.deep.equal(["secret +s@2"]);
  });

  it("A62 never takes an extension away", () => {
    const client = new Conversation(viewFrom({ extension: { jwt: "1" } }));
    client.settle(client.say("extension", { subscribe: ["jwt", "unknown"] }));
    expect(client.change(viewFrom({}))).to.deep.equal([]);
  });

  it("A81 keeps at most one response of a type on its way, however often the model changes", () => {
    const client = new Conversation(viewFrom({ cluster: { a: "0" } }));
    client.say("cluster");
    for (let i = 1; i <= 1000; i += 1) {
      expect(client.change(viewFrom({ cluster: { a: `${i}` } }))).to.deep.equal([]);
    }
    expect(client.ack("cluster")).to.deep.equal(["cluster +a@1000"]);
  });
});
