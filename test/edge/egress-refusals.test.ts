// What a sidecar lets no program of its agent call, and what it says of a host that it cannot call.
import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { expect } from "chai";
import { type EgressHosts, startEgressHosts } from "./egress-hosts.ts";

describe("the egress of a sidecar refuses", function () {
  this.timeout(120_000);
  let hosts: EgressHosts;

  before(async () => {
    hosts = await startEgressHosts();
    expect(hosts.sidecar.refused).to.deep.equal([]);
  });
  after(() => hosts?.stop());

  it("refuses what mesh.yaml does not name, and says the line to add", async () => {
    for (const path of ["/", "/mistral/v1/chat", "/openaix", "/openai%2fv1", "/..%2fopenai/v1"]) {
      const { message, reason, status } = await hosts.told(path);
      expect({ status, reason }, path).to.deep.equal({ status: 403, reason: "EGRESS_NOT_NAMED" });
      expect(message).to.contain("egress: [{ name: NAME, host: HOST, agents: [planner] }]");
    }
    const { message, reason } = await hosts.told("/others/v1/models");
    expect(reason).to.equal("EGRESS_NOT_NAMED");
    expect(message).to.contain("add planner to its agents");
  });

  it("is no proxy: neither for a whole address, nor for a tunnel, nor by another host's name", async () => {
    const refused = async (reason: string, ...lines: readonly string[]) => {
      const answer = await hosts.raw(...lines);
      expect(answer, lines[0]).to.match(/^HTTP\/1.1 403 /);
      expect(answer, lines[0]).to.contain(`"reason":"${reason}"`);
      return answer;
    };
    const named = "host: api.example.com";
    const proxied = await refused(
      "EGRESS_NOT_NAMED",
      "GET http://api.example.com/openai/v1 HTTP/1.1",
      named,
    );
    expect(proxied).to.contain("host: api.example.com, agents: [planner]");
    await refused("EGRESS_NOT_NAMED", "GET /openai/v1 HTTP/1.1", "host: rebound.example:80");
    await refused("UPGRADE_NOT_ALLOWED", "CONNECT api.example.com:443 HTTP/1.1", `${named}:443`);
    const here = "host: 127.0.0.1";
    await refused(
      "UPGRADE_NOT_ALLOWED",
      "GET /openai/v1 HTTP/1.1",
      here,
      "connection: upgrade",
      "upgrade: websocket",
    );
  });

  it("lets no page of a browser out, whatever it asks for", async () => {
    const before = hosts.provider.requests.length;
    for (const header of [
      "origin: https://evil.example",
      "origin: null",
      "sec-fetch-site: cross-site",
    ]) {
      const answer = await hosts.raw(
        "GET /openai/v1 HTTP/1.1",
        `host: 127.0.0.1:${hosts.sidecar.port}`,
        header,
      );
      expect(answer, header).to.match(/^HTTP\/1.1 403 /);
      expect(answer, header).to.contain('"reason":"NOT_ALLOWED"');
    }
    expect(hosts.provider.requests.length).to.equal(before);
  });

  it("reaches no other egress by dots, and keeps what is encoded", async () => {
    const dots = await hosts.raw("GET /openai/../others/v1 HTTP/1.1", "host: 127.0.0.1");
    expect(dots).to.match(/^HTTP\/1.1 403 /);
    await hosts.call("/openai/v1/models/a%2Fb/..%2f..");
    expect(hosts.provider.requests.at(-1)?.path).to.equal("/v1/models/a%2Fb/..%2f..");
  });

  it("calls no host that does not prove its name, or that nobody vouches for", async () => {
    for (const name of ["impostor", "impostor-address", "unbelieved"]) {
      const { metadata, reason, status } = await hosts.told(`/${name}/v1/models`);
      expect({ status, reason }, name).to.deep.equal({ status: 503, reason: "EGRESS_UNAVAILABLE" });
      expect(metadata).to.include({ fault: "provider", rule: `egress:${name}` });
    }
    expect(hosts.impostor.requests).to.deep.equal([]);
    // By a name the last of its addresses that was tried has the word, here one that nobody is at.
    const { message } = await hosts.told("/impostor-address/v1/models");
    expect(message).to.contain("CERTIFICATE_VERIFY_FAILED");
  });

  it("says in the mesh's own shape that a host is down, is not known, or takes too long", async () => {
    for (const name of ["down", "nowhere"]) {
      const { metadata, reason, status } = await hosts.told(`/${name}/v1/models`);
      expect({ status, reason }, name).to.deep.equal({ status: 503, reason: "EGRESS_UNAVAILABLE" });
      expect(metadata["requestId"], name).to.match(/^[0-9a-f-]{36}$/);
    }
    const { metadata, reason, status } = await hosts.told("/slow/v1/never");
    expect({ status, reason }).to.deep.equal({ status: 504, reason: "DEADLINE_EXCEEDED" });
    expect(metadata["requestId"]).to.match(/^[0-9a-f-]{36}$/);
  });

  it("calls no host without the key that it should have", async () => {
    const before = hosts.provider.requests.length;
    const { message, reason, status } = await hosts.told("/keyless/v1/models");
    expect({ status, reason }).to.deep.equal({ status: 503, reason: "EGRESS_UNAVAILABLE" });
    expect(message).to.contain("has no key");
    expect(hosts.provider.requests.length).to.equal(before);
  });

  it("gives the agent no way to ask for the key in its sidecar's name", async () => {
    const statusOf = (path: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const session = connectHttp2("http://localhost", {
          createConnection: () => connect(hosts.sidecar.leaseSocket),
        });
        const stream = session.request({
          ":method": "POST",
          ":path": path,
          "content-type": "application/grpc",
          te: "trailers",
        });
        stream.once("response", (headers) => {
          resolve(headers["grpc-status"] === undefined ? 0 : Number(headers["grpc-status"]));
          session.destroy();
        });
        stream.once("error", reject);
        stream.end();
      });
    const unimplemented = 12;
    for (const variant of ["DeltaAggregatedResources", "StreamAggregatedResources"]) {
      const path = `/envoy.service.discovery.v3.AggregatedDiscoveryService/${variant}`;
      const before = hosts.sidecar.streams();
      expect(await statusOf(path), variant).to.equal(unimplemented);
      expect(hosts.sidecar.streams(), variant).to.equal(before);
    }
  });
});
