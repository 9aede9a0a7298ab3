// Agents that call agents, three levels deep, each with its real sidecar: what holds for one holds for all.
import { type ClientReadableStream, status } from "@grpc/grpc-js";
import type { agentPb } from "@smartcall/protos";
import { expect } from "chai";
import { openEvents } from "../harness/events.ts";
import { eventually } from "../harness/eventually.ts";
import { expectRefusal, messageOf } from "../harness/expect-refusal.ts";
import { clientFor, metadataOf, saying } from "../harness/grpc.ts";
import { reasonOf } from "../harness/grpc-reason.ts";
import { textAt } from "../harness/json.ts";
import { expectInTime, strictly } from "../harness/promised.ts";
import { type Relays, startRelays } from "../harness/relays.ts";
import { asking, callRest } from "../harness/rest.ts";
import { smartcall } from "../harness/smartcall.ts";

/** How soon each agent below is to have stopped once the caller has left. */
const stopsWithinMs = 500;
const levels = ["a", "b", "c"];

describe("one run is one tree", function () {
  this.timeout(120_000);
  let relays: Relays;
  before(async () => {
    relays = await startRelays(
      {
        a: "{ calls: [b, hidden] }",
        b: "{ calls: [a, c] }",
        c: "{}",
        hidden: "{ expose: false }",
      },
      "b>c>end",
    );
    await eventually(async () => expect((await relays.ask("hidden>end")).status).to.equal(200));
  });
  beforeEach(() => relays.forget());
  after(() => relays?.stop());

  const asked = () => relays.notes().filter(({ what }) => what === "asked");
  const stopped = () => relays.notes().filter(({ what }) => what === "stopped");
  const allAsked = () =>
    eventually(() => expect(asked().map(({ agent }) => agent)).to.deep.equal(levels));
  /** How long after `leftAt` each agent's signal had aborted. */
  const allStopped = async (leftAt: number): Promise<readonly number[]> => {
    await eventually(() =>
      expect(new Set(stopped().map(({ agent }) => agent))).to.deep.equal(new Set(levels)),
    );
    return stopped().map(({ at }) => at - leftAt);
  };

  describe("when the caller leaves", () => {
    const ways: Readonly<Record<string, () => Promise<() => unknown>>> = {
      "a stream by REST that is closed": async () => {
        const path = "/v1/agents/a:stream";
        const token = await relays.mesh.token();
        const stream = await openEvents(relays.mesh, { path, token, body: asking("b>c>hold") });
        return stream.hangUp;
      },
      "a single answer by REST whose caller hangs up": async () => {
        const path = "/v1/agents/a:invoke";
        const token = await relays.mesh.token();
        const left = new AbortController();
        const call = { path, token, body: asking("b>c>hold"), signal: left.signal };
        const answered = callRest(relays.mesh, call).then(
          ({ text }) => text,
          () => undefined,
        );
        return async () => {
          left.abort();
          expect(await answered, "an answer").to.equal(undefined);
        };
      },
      "a stream by gRPC that is cancelled": async () => {
        const call = { agent: "a", token: await relays.mesh.token() };
        const client = clientFor(relays.mesh);
        const stream: ClientReadableStream<agentPb.StreamEvent> = client.stream(
          saying("b>c>hold"),
          metadataOf(call),
        );
        stream.on("error", () => client.close());
        stream.resume();
        return () => stream.cancel();
      },
      "a single answer by gRPC that is cancelled": async () => {
        const call = { agent: "a", token: await relays.mesh.token() };
        const client = clientFor(relays.mesh);
        const request = saying("b>c>hold");
        const running = client.invoke(request, metadataOf(call), {}, () => client.close());
        return () => running.cancel();
      },
    };
    for (const [way, begin] of Object.entries(ways)) {
      it(`every agent below has stopped soon: ${way}`, async () => {
        const leave = await begin();
        await allAsked();
        expect(stopped()).to.deep.equal([]);
        const leftAt = Date.now();
        await leave();
        const stoppedMs = await allStopped(leftAt);
        expect(Math.min(...stoppedMs)).to.be.at.least(0);
        expectInTime("until all had stopped", Math.max(...stoppedMs), stopsWithinMs);
      });
    }
  });

  it("the deadline reaches every agent, and each has a little less time than the one above", async () => {
    const begin = Date.now();
    const headers = { "x-request-timeout-ms": "3000" };
    const reply = await relays.ask("b>c>hold", { headers });
    expectRefusal(reply, 504, "DEADLINE_EXCEEDED", "DEADLINE_EXCEEDED");
    expect(Date.now() - begin).to.be.within(1_500, strictly() ? 4_000 : 9_000);
    const [a = 0, b = 0, c = 0] = asked().map(({ deadline }) => deadline);
    expect(a).to.be.within(begin + 1_000, begin + 3_500);
    expect(a - b).to.be.greaterThan(50);
    expect(b - c).to.be.greaterThan(50);
    // The lowest stops by its own deadline; that it did is what ends those above.
    const [first] = stopped();
    expect(first?.agent).to.equal("c");
    expect(first?.at).to.be.within(begin + 1_000, a);
  });

  it("the request's id and the trace are the same in the logs of all", async () => {
    const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
    const { headers: said } = await relays.ask("b>c>end", { headers });
    for (const name of levels) {
      const lines = relays.relay(name).output().split("\n");
      const own = lines.filter((line) => line.includes(String(said["x-request-id"])));
      expect(own, name).to.have.length.at.least(2);
      for (const line of own) expect(line, name).to.include(`"traceId":"${traceId}"`);
    }
  });

  it("the first caller is the caller at every level, and each knows who asked it", async () => {
    const token = await relays.mesh.token({ subject: "alice", claims: { team: "blue" } });
    await relays.ask("b>c>end", { token });
    expect(asked().map(({ agent, from, subject, team }) => [agent, from, subject, team])).to.eql([
      ["a", "gateway", "alice", "blue"],
      ["b", "a", "alice", "blue"],
      ["c", "b", "alice", "blue"],
    ]);
  });

  it("a loop ends at the eighth agent below the first, with an error that the caller reads", async () => {
    const hops = (count: number): string =>
      [...Array.from({ length: count }, (_, at) => (at % 2 === 0 ? "b" : "a")), "end"].join(">");
    expect((await relays.ask(hops(8))).status).to.equal(200);
    expect(asked()).to.have.length(9);
    relays.forget();
    const reply = await relays.ask(hops(30));
    expectRefusal(reply, 403, "PERMISSION_DENIED", "CALL_TOO_DEEP");
    expect(asked()).to.have.length(9);
  });

  it("an agent that `calls` does not name is refused, with the line to write", async () => {
    const reply = await relays.ask("b>hidden>end");
    expectRefusal(reply, 403, "PERMISSION_DENIED", "AGENT_NOT_CALLABLE");
    expect(messageOf(reply)).to.include("b: { calls: [hidden] }");
    expect(asked().map(({ agent }) => agent)).to.deep.equal(["a", "b"]);
  });

  it("a hidden agent is reached by those that name it, and is not there for those outside", async () => {
    const inside = await relays.ask("hidden>end");
    expect(textAt(inside.json, "message", "content")).to.equal("hidden: end");
    relays.forget();
    expectRefusal(await relays.ask("end", { first: "hidden" }), 404, "NOT_FOUND", "UNKNOWN_AGENT");
    expect(asked()).to.deep.equal([]);
  });

  describe("an agent that calls by its sidecar without the kit", () => {
    const request = saying("end");
    const forged = Buffer.from(JSON.stringify({ sub: "admin", team: "red" })).toString("base64url");
    const metadata = {
      "smartcall-claims": forged,
      "smartcall-subject": "admin",
      "smartcall-caller": "spiffe://test/gateway",
      "smartcall-via": "",
    };
    const refused = async (token: string): Promise<readonly unknown[]> => {
      const reply = await relays.askAs("a", { agent: "b", token, metadata, request });
      return reply.ok ? ["answered"] : [reply.error.code, reasonOf(reply.error)];
    };

    it("cannot say who the caller is: the token alone does", async () => {
      const token = await relays.mesh.token({ subject: "alice", claims: { team: "blue" } });
      await relays.askAs("a", { agent: "b", token, metadata, request });
      await relays.askAs("a", { agent: "b", metadata, request });
      expect(asked().map(({ from, subject, team }) => [from, subject, team])).to.eql([
        ["a", "alice", "blue"],
        ["a", undefined, undefined],
      ]);
    });

    it("cannot come back from outside the mesh: a token that is forged is refused", async () => {
      const token = await relays.mesh.token();
      const [head, , signature] = token.split(".");
      expect(await refused(`${head}.${forged}.${signature}`)).to.eql([
        status.UNAUTHENTICATED,
        "TOKEN_NOT_ACCEPTED",
      ]);
      expect(asked()).to.deep.equal([]);
    });

    it("cannot go on with a token that has expired", async () => {
      const token = await tokenBy("--lifetime", "2s");
      await eventually(async () =>
        expect(await refused(token)).to.eql([status.UNAUTHENTICATED, "TOKEN_EXPIRED"]),
      );
      relays.forget();
      expect(await refused(token)).to.eql([status.UNAUTHENTICATED, "TOKEN_EXPIRED"]);
      expect(asked()).to.deep.equal([]);
    });

    it("cannot go on with a token that was revoked", async () => {
      const token = await tokenBy("--subject", "mallory");
      expect(await refused(token)).to.eql(["answered"]);
      const revoke = ["key", "revoke", "--subject", "mallory"];
      const { code, output } = await smartcall(revoke, cli());
      expect(code, output).to.equal(0);
      await eventually(async () => {
        const [refusal] = await refused(token);
        expect(refusal).to.equal(status.UNAUTHENTICATED);
      });
    });

    const cli = () => ({ cwd: relays.mesh.folder, env: relays.mesh.env });
    const tokenBy = async (...args: readonly string[]): Promise<string> => {
      const { code, output } = await smartcall(["token", ...args], cli());
      expect(code, output).to.equal(0);
      return output.trim();
    };
  });
});
