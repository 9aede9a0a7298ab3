// What is called again, and what is not, of calls whose agent dies before its sidecar does.
import { createServer } from "node:http2";
import { dirname, join } from "node:path";
import { instanceSockets } from "@smartcall/envoy";
import { expect } from "chai";
import { type ObedientAgent, startObedientAgent } from "../edge/obedient-agent.ts";
import { eventually } from "../harness/eventually.ts";
import { expectRefusal } from "../harness/expect-refusal.ts";
import { type GrpcReply, saying } from "../harness/grpc.ts";
import { reasonOf } from "../harness/grpc-reason.ts";
import { textAt } from "../harness/json.ts";
import { asking, callRest, type RestReply } from "../harness/rest.ts";
import { invokeAs, taken } from "./callers.ts";
import { type SidecarMesh, startSidecarMesh } from "./mesh.ts";

const marks = ["smartcall-untaken", "smartcall-broken"];

describe("an agent that dies while its sidecar lives", function () {
  this.timeout(120_000);
  let mesh: SidecarMesh;
  const successors: ObedientAgent[] = [];
  before(async () => {
    mesh = await startSidecarMesh({
      agents: [
        { name: "liar" },
        { name: "marked" },
        { name: "plain" },
        { name: "planner", calls: ["marked", "plain"] },
      ],
      routes: [
        { name: "marked", retry: { attempts: 5, on: ["reset"] } },
        { name: "plain" },
        { name: "planner" },
        { name: "liar", retry: { attempts: 5, on: ["reset"] } },
      ],
    });
  });
  after(async () => {
    for (const { stop } of successors) stop();
    await mesh.stop();
    expect(mesh.refused).to.deep.equal([]);
  });

  const token = () => mesh.token();
  const rest = (agent: string, text: string): Promise<RestReply> =>
    callRest(mesh, { path: `/v1/agents/${agent}:invoke`, token: token(), body: asking(text) });
  const inside = (agent: string, text: string): Promise<GrpcReply> =>
    invokeAs(mesh, "planner", { agent, token: token(), request: saying(text) });
  const socketOf = (agent: string): string =>
    join(dirname(mesh.sidecar(agent).calls.slice("unix:".length)), instanceSockets.agent);
  /** Another process of the same agent, which answers whatever it is asked. */
  const succeed = async (agent: string): Promise<ObedientAgent> => {
    const address = `unix:${socketOf(agent)}`;
    const successor = await startObedientAgent({ address, always: "alive" });
    successors.push(successor);
    return successor;
  };
  /** Kills it with one call in its hands; another takes its place. */
  const killedWith = async <R>(
    agent: string,
    call: Promise<R>,
  ): Promise<{ readonly reply: R; readonly successor: ObedientAgent }> => {
    const { instance } = mesh.sidecar(agent);
    await eventually(() => expect(instance.seen).to.have.length(1));
    instance.stop();
    const successor = await succeed(agent);
    return { reply: await call, successor };
  };

  it("has its call made again where the route says `reset`, from outside and from inside", async () => {
    const { reply, successor } = await killedWith("marked", rest("marked", "silence"));
    expect([reply.status, textAt(reply.json, "message", "content")]).to.deep.equal([200, "alive"]);
    expect(reply.headers).to.not.have.any.keys(marks);
    successor.stop();
    const called = inside("marked", "hello");
    const next = await succeed("marked");
    const answered = await called;
    taken(answered);
    expect(next.seen).to.have.length(1);
  });

  it("has it made once where the route says nothing", async () => {
    const { reply, successor } = await killedWith("plain", rest("plain", "silence"));
    expectRefusal(reply, 503, "UNAVAILABLE", "AGENT_UNAVAILABLE");
    expect(reply.headers).to.not.have.any.keys(marks);
    expect(successor.seen).to.deep.equal([]);
  });

  it("has a call that it never had made again on every route, and it is told of in the end", async () => {
    for (const { stop } of successors) stop();
    const retried = () => mesh.stat("cluster.plain.upstream_rq_retry");
    const before = await retried();
    const reply = await rest("plain", "hello");
    expectRefusal(reply, 503, "UNAVAILABLE", "AGENT_UNAVAILABLE");
    expect(reply.headers).to.not.have.any.keys(marks);
    expect((await retried()) - before).to.equal(2);
    const called = await inside("plain", "hello");
    if (called.ok) throw new Error("answered");
    expect(reasonOf(called.error)).to.equal("AGENT_UNAVAILABLE");
    for (const mark of marks) expect(called.error.metadata.get(mark), mark).to.deep.equal([]);
  });

  it("is the one word for that: an agent that had a call cannot say that it had none", async () => {
    mesh.sidecar("liar").instance.stop();
    let had = 0;
    const liar = createServer();
    liar.on("stream", (stream) => {
      had += 1;
      const said = Object.fromEntries(marks.map((mark) => [mark, "true"]));
      const failed = { "content-type": "application/grpc", "grpc-status": "14" };
      stream.respond({ ...failed, ...said }, { endStream: true });
    });
    await new Promise<void>((resolve) => liar.listen(socketOf("liar"), resolve));
    try {
      expect((await rest("liar", "hello")).status).to.equal(503);
      expect(had).to.equal(1);
    } finally {
      liar.close();
    }
  });
});
