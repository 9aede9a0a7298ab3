// A stream that breaks is never taken for one that is done.
import type { StatusObject } from "@grpc/grpc-js";
import type { agentPb } from "@smartcall/protos";
import { expect } from "chai";
import { attachAgent, callable } from "../harness/attach-agent.ts";
import { endGroup, startChild } from "../harness/child.ts";
import { openEvents } from "../harness/events.ts";
import { clientFor, metadataOf, saying } from "../harness/grpc.ts";
import { valueAt } from "../harness/json.ts";
import type { Mesh } from "../harness/mesh.ts";
import { asking } from "../harness/rest.ts";
import { sharedMesh } from "../harness/shared-mesh.ts";
import { smartcallBin } from "../harness/smartcall.ts";

describe("a stream whose agent is killed", function () {
  this.timeout(60_000);
  let mesh: Mesh;
  let token: string;
  let kill: () => void;
  let end: () => Promise<void>;
  before(async () => {
    mesh = await sharedMesh();
    token = await mesh.token();
  });
  beforeEach(async () => {
    const ticker = attachAgent(mesh, "ticker");
    kill = () => process.kill(ticker.pid, "SIGKILL");
    end = () => endGroup(ticker);
    await callable(mesh, "ticker", "1 every 0");
  });
  afterEach(() => end());

  it("breaks off before its end over REST", async () => {
    const path = "/v1/agents/ticker:stream";
    const { events } = await openEvents(mesh, { path, token, body: asking("100 every 50") });
    let broken: unknown;
    let last: unknown;
    try {
      for await (const { event } of events) {
        last = event;
        kill();
      }
    } catch (error) {
      broken = error;
    }
    expect(broken).to.be.instanceOf(Error);
    expect(valueAt(last, "delta")).to.not.equal(undefined);
  });

  it("ends with an error over gRPC, as a stream that is reset does", async () => {
    const client = clientFor(mesh);
    const call = client.stream(saying("100 every 50"), metadataOf({ agent: "ticker", token }));
    const events: agentPb.StreamEvent[] = [];
    call.on("data", (event: agentPb.StreamEvent) => {
      events.push(event);
      kill();
    });
    call.on("error", () => undefined);
    const { code } = await new Promise<StatusObject>((resolve) => call.on("status", resolve));
    client.close();
    expect(code).to.be.oneOf([13, 14]);
    expect(events.some((event) => event.hasDone())).to.equal(false);
  });

  it("is a failure of `smartcall call`", async () => {
    const called = startChild(process.execPath, [smartcallBin, "call", "ticker", "100 every 50"], {
      cwd: mesh.folder,
      env: mesh.env,
    });
    await called.says("1 2 3");
    kill();
    const { code } = await called.ended;
    expect(code).to.equal(1);
    expect(called.output()).to.contain("broke off");
  });
});
