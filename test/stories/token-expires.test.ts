// What runs ends when the token that it was begun with expires.
import { agentPb } from "@smartcall/protos";
import { expect } from "chai";
import { attachAgent, callable } from "../harness/attach-agent.ts";
import { type Child, endGroup } from "../harness/child.ts";
import { allEvents } from "../harness/events.ts";
import { expectRefusal } from "../harness/expect-refusal.ts";
import { clientFor, metadataOf, saying } from "../harness/grpc.ts";
import { listAt, textAt } from "../harness/json.ts";
import type { Mesh } from "../harness/mesh.ts";
import { asking, callRest } from "../harness/rest.ts";
import { sharedMesh } from "../harness/shared-mesh.ts";
import { smartcall } from "../harness/smartcall.ts";

const lifetimeMs = 4_000;
/** Longer than any token here. */
const endless = "300 every 100";

describe("a token that expires", function () {
  this.timeout(60_000);
  let mesh: Mesh;
  let ticker: Child | undefined;
  before(async () => {
    mesh = await sharedMesh();
    ticker = attachAgent(mesh, "ticker");
    await callable(mesh, "ticker", "1 every 0");
  });
  after(async () => {
    if (ticker !== undefined) await endGroup(ticker);
  });

  const shortToken = async (): Promise<{ readonly token: string; readonly madeAt: number }> => {
    const args = ["token", "--lifetime", `${lifetimeMs / 1000}s`];
    const { code, output } = await smartcall(args, { cwd: mesh.folder, env: mesh.env });
    expect(code, output).to.equal(0);
    return { token: output.trim(), madeAt: Date.now() };
  };
  const expectInTime = (madeAt: number): void => {
    const passed = Date.now() - madeAt;
    // It counts whole seconds, and was made before the command had ended.
    expect(passed).to.be.within(500, lifetimeMs + 3_000);
  };

  it("ends a stream with its last event", async () => {
    const { token, madeAt } = await shortToken();
    const path = "/v1/agents/ticker:stream";
    const events = await allEvents(mesh, { path, token, body: asking(endless) });
    expectInTime(madeAt);
    expect(events.length).to.be.greaterThan(3);
    const last = events.at(-1)?.event;
    expect(textAt(listAt(last, "error", "details")[0], "reason")).to.equal("TOKEN_EXPIRED");
  });

  it("ends a single answer", async () => {
    const { token, madeAt } = await shortToken();
    const call = { path: "/v1/agents/ticker:invoke", token, body: asking(endless) };
    const reply = await callRest(mesh, call);
    expectRefusal(reply, 401, "UNAUTHENTICATED", "TOKEN_EXPIRED");
    expect(reply.headers["www-authenticate"]).to.equal('Bearer error="invalid_token"');
    // For the gateway, which counts by it.
    expect(reply.headers).to.not.have.property("smartcall-usage");
    expectInTime(madeAt);
  });

  it("ends a conversation, and its turn", async () => {
    const { token, madeAt } = await shortToken();
    const client = clientFor(mesh);
    try {
      const talk = client.converse(metadataOf({ agent: "ticker", token }));
      let last: agentPb.StreamEvent | undefined;
      talk.on("data", (event: agentPb.StreamEvent) => {
        last = event;
      });
      talk.on("error", () => undefined);
      const turn = new agentPb.ConverseRequest();
      turn.setTurn(saying(endless));
      talk.write(turn);
      const code = await new Promise<number>((resolve) => {
        talk.on("status", (status: { readonly code: number }) => resolve(status.code));
      });
      expectInTime(madeAt);
      expect(last?.getError()?.getCode()).to.equal(16);
      expect(code).to.equal(16);
    } finally {
      client.close();
    }
  });
});
