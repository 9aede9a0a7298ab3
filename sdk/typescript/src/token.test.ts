import { createManualClock } from "@smartcall/runtime/testing";
import { expect } from "chai";
import { jwt } from "./testing/jwt.ts";
import { createTokenSource, expiryOf, renewalOf } from "./token.ts";

const start = 1_700_000_000_000;

describe("a token", () => {
  it("that is a text is shown as it is, without what stands around it", async () => {
    const tokens = createTokenSource(" abc\n", createManualClock(start));
    expect(await tokens.current()).to.equal("abc");
    expect(await tokens.another("abc")).to.equal(undefined);
    expect(tokens.renews).to.equal(false);
    expect(await createTokenSource(undefined, createManualClock()).current()).to.equal(undefined);
    expect(() => createTokenSource("  ", createManualClock())).to.throw(TypeError);
  });

  it("is kept until shortly before it expires", async () => {
    const clock = createManualClock(start);
    let asked = 0;
    const tokens = createTokenSource(() => jwt(clock.now() + 600_000, ++asked), clock);
    await tokens.current();
    clock.pass(569_000);
    await tokens.current();
    expect(asked).to.equal(1);
    clock.pass(2_000);
    await tokens.current();
    expect(asked).to.equal(2);
  });

  it("of a short life is renewed when a fifth of it is left", () => {
    expect(renewalOf(start + 10_000, start)).to.equal(start + 8_000);
    expect(renewalOf(undefined, start)).to.equal(Number.POSITIVE_INFINITY);
  });

  it("that seems to have expired when it comes is shown: a clock may be wrong", async () => {
    const clock = createManualClock(start);
    let asked = 0;
    const tokens = createTokenSource(() => jwt(start - 60_000, ++asked), clock);
    const first = await tokens.current();
    expect(await tokens.current()).to.equal(first);
    expect(asked).to.equal(1);
  });

  it("is asked for once by all who wait for it", async () => {
    let asked = 0;
    let give: (token: string) => void = () => undefined;
    const tokens = createTokenSource(() => {
      asked++;
      return new Promise<string>((resolve) => {
        give = resolve;
      });
    }, createManualClock(start));
    const all = Promise.all([tokens.current(), tokens.current(), tokens.another("old")]);
    await Promise.resolve();
    give("new");
    expect(await all).to.deep.equal(["new", "new", "new"]);
    expect(asked).to.equal(1);
  });

  it("that was refused is replaced once, and not by itself", async () => {
    const given = ["a", "b", "b"];
    const tokens = createTokenSource(() => given.shift() ?? "none", createManualClock(start));
    expect(await tokens.current()).to.equal("a");
    expect(await tokens.another("a")).to.equal("b");
    expect(await tokens.another("a")).to.equal("b");
    expect(given).to.deep.equal(["b"]);
    expect(await tokens.another("b")).to.equal(undefined);
  });

  it("whose provider fails is asked for again by the next call", async () => {
    const failures = [new Error("no network")];
    const tokens = createTokenSource(() => {
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      return "a";
    }, createManualClock(start));
    const thrown: unknown = await tokens.current().catch((error: unknown) => error);
    expect(thrown).to.have.property("message", "no network");
    expect(await tokens.current()).to.equal("a");
  });

  it("that a provider does not give is its provider's bug", async () => {
    const tokens = createTokenSource(() => "", createManualClock(start));
    const thrown: unknown = await tokens.current().catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(TypeError);
  });

  it("that no header can carry is refused, and is not shown", async () => {
    for (const wrong of ["secret\nsecret", "secret secret", "sécret", "secret\u0000"]) {
      expect(() => createTokenSource(wrong, createManualClock()))
        .to.throw(TypeError, "A token is")
        .with.property("message")
        .that.does.not.match(/s.cret/);
      const tokens = createTokenSource(() => wrong, createManualClock());
      const thrown: unknown = await tokens.current().catch((error: unknown) => error);
      expect(thrown).to.be.instanceOf(TypeError);
      expect(String(thrown)).not.to.match(/s.cret/);
    }
  });

  it("tells when it expires where it is a JWT that says so", () => {
    expect(expiryOf(jwt(start))).to.equal(start);
    for (const strange of [
      "",
      "abc",
      "a.b.c",
      "a.!!!.c",
      `a.${btoa("[]")}.c`,
      `a.${btoa("{}")}.c`,
    ]) {
      expect(expiryOf(strange), strange).to.equal(undefined);
    }
  });
});
