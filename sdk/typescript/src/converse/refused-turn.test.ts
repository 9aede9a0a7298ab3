import { expect } from "chai";
import { textAt } from "../json.ts";
import { readAll } from "../testing/failure.ts";
import { openingSockets } from "../testing/socket-server.ts";
import { done, refusal } from "../testing/wire-server.ts";

describe("a turn that is refused", () => {
  const open = openingSockets();

  it("is not sent where it is larger than a turn may be, and its socket lives", async () => {
    const { peer, socket } = await open({
      opened: (each) => each.say({ type: "ready", agent: "a", limits: { turnBytes: 200 } }),
      frame: (each, frame) => each.tell(textAt(frame, "conversation"), done(1)),
    });
    const talk = socket.conversation("c");
    const { error } = await readAll(talk.ask("é".repeat(90)));
    expect(error).to.include({
      name: "InvalidRequest",
      reason: "REQUEST_TOO_LARGE",
      status: 413,
      retryable: false,
    });
    expect((await readAll(talk.ask("short"))).error).to.equal(undefined);
    expect(peer.frames).to.have.length(1);
  });

  it("is asked for once where its agent may have had it, or again where it may do it twice", async () => {
    const again = refusal(503, "AGENT_UNAVAILABLE", { retry: "yes" });
    const { peer, socket } = await open({
      frame: (each, { conversation }) => each.say({ type: "refused", conversation, ...again }),
    });
    const talk = socket.conversation("c");
    const { error } = await readAll(talk.ask("x"));
    expect(error).to.include({ reason: "AGENT_UNAVAILABLE", retryable: true });
    expect(peer.frames).to.have.length(1);
    await readAll(talk.ask("x", { idempotent: true }));
    expect(peer.frames).to.have.length(4);
  });

  it("for its token is asked for once more with another, on the same socket", async () => {
    let held = "";
    let asked = 0;
    const { peer, socket } = await open(
      {
        frame(each, frame) {
          const conversation = textAt(frame, "conversation");
          if (frame["type"] === "token") {
            held = textAt(frame, "token");
            each.say({ type: "token" });
          } else if (held === "token-2") each.tell(conversation, done(1));
          else each.say({ type: "refused", conversation, ...refusal(401, "TOKEN_REVOKED") });
        },
      },
      { token: () => `token-${++asked}` },
    );
    expect((await readAll(socket.conversation("c").ask("x"))).error).to.equal(undefined);
    expect(peer.frames.map(({ type }) => type)).to.deep.equal(["turn", "token", "turn"]);
  });

  it("for its token says so where there is no other, or that is refused too", async () => {
    let asked = 0;
    for (const [token, types] of [
      ["abc", ["turn"]],
      [() => `token-${++asked}`, ["turn", "token", "turn"]],
    ] as const) {
      const { peer, socket } = await open(
        {
          frame(each, { conversation, type }) {
            if (type === "token") each.say({ type });
            else each.say({ type: "refused", conversation, ...refusal(401, "TOKEN_REVOKED") });
          },
        },
        { token },
      );
      const { error } = await readAll(socket.conversation("c").ask("x"));
      expect(error).to.include({ name: "Unauthenticated", reason: "TOKEN_REVOKED" });
      expect(peer.frames.map(({ type }) => type)).to.deep.equal(types);
    }
  });
});
