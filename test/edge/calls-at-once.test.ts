import { type ClientUnaryCall, status } from "@grpc/grpc-js";
import { expect } from "chai";
import { detailOf } from "../harness/error-details.ts";
import { eventually } from "../harness/eventually.ts";
import { expectRefusal } from "../harness/expect-refusal.ts";
import { clientFor, invokeGrpc, metadataOf, saying, streamGrpc } from "../harness/grpc.ts";
import { textAt } from "../harness/json.ts";
import { asking, callRest, type RestReply } from "../harness/rest.ts";
import { withEcho } from "./bounded-gateway.ts";
import { startGateway, type TestGateway } from "./gateway.ts";
import { type ObedientAgent, startObedientAgent } from "./obedient-agent.ts";

const page = "https://app.example.com";
const mesh = `
mesh: demo
gateway: { bounds: { calls: 2 }, cors: { origins: [${page}] } }
agents: { echo: {} }
`;

describe("the calls that a gateway has at once", function () {
  this.timeout(30_000);
  let agent: ObedientAgent;
  let gateway: TestGateway;
  before(async () => {
    agent = await startObedientAgent();
    gateway = await startGateway(await withEcho(mesh, agent));
  });
  after(async () => {
    await gateway.stop();
    agent.stop();
  });

  const rest = (method: string): Promise<RestReply> =>
    callRest(gateway, {
      path: `/v1/agents/echo:${method}`,
      token: gateway.token(),
      body: asking("hello"),
      headers: { origin: page },
    });
  const call = () => ({ agent: "echo", token: gateway.token(), request: saying("hello") });

  it("are bounded by every door, and one that ends makes room for another", async () => {
    const client = clientFor(gateway);
    const held: ClientUnaryCall[] = [];
    for (const nth of [1, 2]) {
      const one = client.invoke(saying("silence"), metadataOf(call()), {}, () => undefined);
      held.push(one);
      await eventually(() => expect(agent.seen).to.have.length(nth));
    }

    for (const method of ["invoke", "stream"]) {
      const reply = await rest(method);
      expectRefusal(reply, 503, "UNAVAILABLE", "GATEWAY_OVERLOADED");
      expect(reply.headers).to.include({
        "retry-after": "1",
        "smartcall-rule": "gateway.bounds.calls",
        // So a page may read why.
        "access-control-allow-origin": page,
      });
      const info = detailOf(reply, "ErrorInfo");
      expect(textAt(info, "metadata", "rule")).to.equal("gateway.bounds.calls");
      expect(textAt(info, "metadata", "retry")).to.equal("yes");
    }
    const invoked = await invokeGrpc(gateway, call());
    const streamed = await streamGrpc(gateway, call());
    for (const each of [invoked.ok ? undefined : invoked.error, streamed.status]) {
      expect(each?.code).to.equal(status.UNAVAILABLE);
      expect(each?.metadata.get("smartcall-rule")).to.deep.equal(["gateway.bounds.calls"]);
    }
    const keys = await callRest(gateway, { method: "GET", path: "/.well-known/jwks.json" });
    expectRefusal(keys, 503, "UNAVAILABLE", "GATEWAY_OVERLOADED");
    const preflight = await callRest(gateway, {
      method: "OPTIONS",
      path: "/v1/agents/echo:invoke",
      headers: { origin: page, "access-control-request-method": "POST" },
    });
    expect(preflight.status, "what is no call is not counted").to.equal(200);
    expect(agent.seen, "calls that reached the agent").to.have.length(2);

    held.pop()?.cancel();
    await eventually(async () => expect((await rest("invoke")).status).to.equal(200));
    for (let time = 0; time < 5; time++) expect((await rest("stream")).status).to.equal(200);
    held.pop()?.cancel();
    client.close();
  });
});
