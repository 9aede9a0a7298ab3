import { createManualClock } from "@smartcall/runtime/testing";
import { expect } from "chai";
import { errorOf } from "../errors.ts";
import { testClient } from "../testing/client.ts";
import { jwt } from "../testing/jwt.ts";
import { ready, serveSockets } from "../testing/socket-server.ts";
import { createTokenSource } from "../token.ts";
import { createRenewal } from "./renewal.ts";

const start = 1_700_000_000_000;

/** A renewal of "old" by what a provider gives one after another, the last again and again. */
async function renewing(...given: readonly (string | Error)[]) {
  const clock = createManualClock(start);
  const shown: string[] = [];
  let asked = -1;
  const provider = (): string => {
    if (asked++ < 0) return "old";
    const next = given[Math.min(asked, given.length) - 1];
    if (typeof next === "string") return next;
    throw next;
  };
  const tokens = createTokenSource(provider, clock);
  const token = await tokens.current();
  const show = (token: string) => shown.push(token);
  const renewal = createRenewal({ tokens, clock, token, show });
  return { clock, shown, renewal, asked: () => asked };
}

describe("the token of a socket", () => {
  it("is renewed before it ends, in band", async () => {
    const clock = createManualClock(start);
    let asked = 0;
    const server = await serveSockets({
      opened: (peer) => ready(peer, start + 100_000),
      frame: (peer, { type }) => {
        const expires = new Date(start + 200_000).toISOString();
        if (type === "token") peer.say({ type: "token", expires });
      },
    });
    const token = () => jwt(start + ++asked * 100_000);
    const socket = await testClient({ url: server.url, token }, clock).agent("a").converse();
    const [peer] = server.sockets;
    await clock.passSlowly(81_000);
    await peer?.frame(1);
    const frames = peer?.frames.filter(({ type }) => type === "token");
    expect(frames).to.deep.equal([{ type: "token", token: jwt(start + 200_000) }]);
    expect(asked).to.equal(2);
    await socket.close();
    await server.close();
    expect(clock.waiting()).to.equal(0);
  });

  it("is asked for again where its provider fails for a moment", async () => {
    const { clock, renewal, shown } = await renewing(new Error("down"), new Error("down"), "new");
    renewal.expires(start + 100_000);
    await clock.passSlowly(91_000);
    expect(shown).to.deep.equal(["new"]);
  });

  it("is shown again where the gateway could not judge it, and not where it refused it", async () => {
    const { clock, renewal, shown } = await renewing("new");
    renewal.expires(start + 100_000);
    await clock.passSlowly(80_000);
    renewal.refused(
      errorOf("later", { status: 503, reason: "AGENT_UNAVAILABLE", retryable: true }),
    );
    await clock.passSlowly(5_000);
    expect(shown).to.deep.equal(["new", "new"]);
    renewal.refused(errorOf("no", { status: 401, reason: "TOKEN_NOT_ACCEPTED" }));
    await clock.passSlowly(50_000);
    expect(shown).to.have.length(2);
  });

  it("that its provider still gives is asked for again, every five seconds", async () => {
    const { asked, clock, renewal, shown } = await renewing("old");
    renewal.expires(start + 100_000);
    await clock.passSlowly(99_000);
    expect(asked()).to.equal(4);
    expect(clock.waiting()).to.equal(1);
    expect(shown).to.deep.equal([]);
    renewal.stop();
    expect(clock.waiting()).to.equal(0);
  });

  it("is asked for once a minute by a clock that is ahead", async () => {
    const { clock, renewal, shown } = await renewing("new");
    renewal.expires(start - 100_000);
    await clock.passSlowly(59_000);
    expect(shown).to.deep.equal([]);
    await clock.passSlowly(1_000);
    expect(shown).to.deep.equal(["new"]);
  });

  it("that never changes is never renewed", () => {
    const clock = createManualClock(start);
    const tokens = createTokenSource("old", clock);
    const renewal = createRenewal({ tokens, clock, token: "old", show: () => undefined });
    renewal.expires(start + 100_000);
    expect(clock.waiting()).to.equal(0);
    renewal.refused(errorOf("no", { status: 401, reason: "TOKEN_NOT_ACCEPTED" }));
  });
});
