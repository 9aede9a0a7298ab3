import { expect } from "chai";
import fc from "fast-check";
import { Fleet } from "./fleet.test.ts";
import { answerMs } from "./rollout.ts";

/** A fleet on which `old` is good. */
function fleet(...nodes: readonly string[]): Fleet {
  const made = new Fleet("old", "old");
  made.connect(...nodes);
  made.settle();
  made.said.length = 0;
  return made;
}

describe("a staged rollout", () => {
  it("O7 gives a change to the first gateway by name, then to the rest", () => {
    const gateways = fleet("b", "a", "c");
    gateways.propose("new");
    expect(["a", "b", "c"].map((node) => gateways.holds(node))).to.deep.equal([
      "new",
      "old",
      "old",
    ]);
    gateways.settle();
    expect(gateways.words()).to.deep.equal(["staged new on a", "taken new by a b c"]);
    expect(gateways.state).to.deep.equal({ phase: "steady", good: "new" });
  });

  it("O7 gives the rest nothing that the first refuses, and names the bad part", () => {
    const gateways = fleet("a", "b");
    gateways.refuses.set("a", { new: 5 });
    gateways.propose("new");
    gateways.settle();
    expect(gateways.words()).to.deep.equal(["staged new on a", "refused new by a: edge part 5"]);
    expect(gateways.given.get("b")).to.deep.equal(["old"]);
    expect(gateways.given.get("a")?.at(-1)).to.equal("old");
    expect(gateways.state).to.deep.equal({ phase: "steady", good: "old" });
  });

  it("takes it back from all where a later one refuses it", () => {
    const gateways = fleet("a", "b", "c");
    gateways.refuses.set("c", { new: 0 });
    gateways.propose("new");
    gateways.settle();
    expect(gateways.words()).to.deep.equal(["staged new on a", "refused new by c: edge part 0"]);
    expect(["a", "b", "c"].map((node) => gateways.holds(node))).to.deep.equal([
      "old",
      "old",
      "old",
    ]);
    expect(gateways.given.get("a")).to.deep.equal(["old", "new", "old"]);
  });

  it("says refused only when every gateway is back, or did not answer in time", () => {
    const gateways = fleet("a", "b");
    gateways.refuses.set("a", { new: 0 });
    gateways.propose("new");
    gateways.step();
    gateways.silent.add("b");
    gateways.settle();
    expect(gateways.words()).to.deep.equal(["staged new on a"]);
    gateways.now += 3 * answerMs;
    gateways.settle();
    expect(gateways.words().at(-1)).to.match(/^refused new/);
  });

  it("says which gateways are not back, because they do not answer or refuse what they had", () => {
    const gateways = fleet("a", "b", "c");
    gateways.refuses.set("a", { new: 0 });
    gateways.propose("new");
    gateways.silent.add("b");
    gateways.lost.set("c", new Set(["old"]));
    gateways.settle();
    gateways.now += 3 * answerMs;
    gateways.settle();
    expect(gateways.words().at(-1)).to.equal("refused new by a: edge part 0, not back: b c");
  });

  it("takes back what costs a gateway something else that it had", () => {
    const gateways = fleet("a", "b");
    gateways.lost.set("b", new Set(["new"]));
    gateways.propose("new");
    gateways.settle();
    expect(gateways.words()).to.deep.equal(["staged new on a", "refused new by b: listener"]);
    expect(gateways.holds("b")).to.equal("old");
  });

  it("does not say that a gateway took it which still refuses a part of it, as before", () => {
    const gateways = fleet("a", "b");
    gateways.broken.add("a");
    gateways.propose("new");
    gateways.settle();
    expect(gateways.words().at(-1)).to.equal("taken new by b, refused as before by a");
  });

  it("names no part where the gateway says nothing more while parts are tried", () => {
    const gateways = fleet("a", "b");
    gateways.refuses.set("a", { new: 5 });
    gateways.propose("new");
    gateways.step();
    gateways.silent.add("a");
    gateways.settle();
    gateways.now += 2 * answerMs;
    gateways.settle();
    gateways.silent.clear();
    gateways.settle();
    expect(gateways.words().at(-1)).to.equal("refused new by a: edge");
  });

  it("is taken at once where no gateway is there, and proven by the first that comes", () => {
    const gateways = fleet();
    gateways.propose("new");
    gateways.settle();
    expect(gateways.words()).to.deep.equal(["taken new by "]);
    gateways.connect("a");
    expect(gateways.given.get("a")).to.deep.equal(["new"]);
    gateways.settle();
    expect(gateways.words().at(-1)).to.equal("proven new");
  });

  it("is taken back where the first gateway that comes refuses it", () => {
    const gateways = new Fleet("new", "old");
    gateways.refuses.set("a", { new: 2 });
    gateways.connect("a");
    gateways.settle();
    expect(gateways.words()).to.deep.equal(["refused new by a: edge part 2"]);
    expect(gateways.holds("a")).to.equal("old");
  });

  it("stays, and says so once, where there is nothing to go back to", () => {
    const gateways = new Fleet("only");
    gateways.refuses.set("a", { only: 0 });
    gateways.connect("a");
    gateways.settle();
    gateways.settle();
    expect(gateways.words()).to.deep.equal(["doubted only by a: edge"]);
    gateways.propose("better");
    gateways.settle();
    expect(gateways.words().slice(1)).to.deep.equal(["staged better on a", "taken better by a"]);
  });

  it("asks the next gateway where the first leaves or does not answer in time", () => {
    const gateways = fleet("a", "b", "c");
    gateways.silent.add("a");
    gateways.silent.add("b");
    gateways.propose("new");
    gateways.settle();
    gateways.now += answerMs;
    gateways.settle();
    gateways.leave("b");
    gateways.settle();
    const staged = ["staged new on a", "staged new on b", "staged new on c"];
    expect(gateways.words()).to.deep.equal(staged);
    gateways.now += answerMs;
    gateways.settle();
    expect(gateways.words().at(-1)).to.equal("taken new by c, not by a");
  });

  it("gives up where no gateway answers", () => {
    const gateways = fleet("a", "b");
    gateways.silent.add("a");
    gateways.silent.add("b");
    gateways.propose("new");
    for (let i = 0; i < 4; i += 1) {
      gateways.settle();
      gateways.now += answerMs;
    }
    expect(gateways.words().at(-1)).to.equal("refused new: silence of a b");
    expect(gateways.holds("a")).to.equal("old");
  });

  it("takes a change at once where the last gateway leaves while it tries it", () => {
    const gateways = fleet("a");
    gateways.silent.add("a");
    gateways.propose("new");
    gateways.leave("a");
    gateways.settle();
    expect(gateways.words().at(-1)).to.equal("taken new by ");
  });

  it("gives way to a newer change, which the others wait for with what they have", () => {
    const gateways = fleet("a", "b");
    gateways.silent.add("b");
    gateways.propose("one");
    gateways.settle();
    gateways.propose("two");
    expect(gateways.holds("b")).to.equal("one");
    gateways.refuses.set("a", { two: 0 });
    gateways.silent.clear();
    gateways.settle();
    expect(gateways.words().slice(1)).to.deep.equal([
      "superseded one",
      "staged two on a",
      "refused two by a: edge part 0",
    ]);
    expect(gateways.holds("b")).to.equal("old");
  });

  it("gives way to a correction while its own refusal is still looked into", () => {
    const gateways = fleet("a");
    gateways.refuses.set("a", { bad: 6 });
    gateways.propose("bad");
    gateways.step();
    gateways.step();
    gateways.propose("better");
    gateways.settle();
    expect(gateways.words()).to.deep.equal([
      "staged bad on a",
      "refused bad by a: edge",
      "staged better on a",
      "taken better by a",
    ]);
  });

  it("whatever happens, ends with what gateways take, and with the last save where they take that", () => {
    const nodes = ["a", "b", "c"];
    const act = fc.oneof(
      fc.record({ do: fc.constant("connect" as const), node: fc.constantFrom(...nodes) }),
      fc.record({ do: fc.constant("leave" as const), node: fc.constantFrom(...nodes) }),
      fc.record({ do: fc.constant("hush" as const), node: fc.constantFrom(...nodes) }),
      fc.record({ do: fc.constant("wake" as const), node: fc.constantFrom(...nodes) }),
      fc.record({ do: fc.constant("step" as const) }),
      fc.record({ do: fc.constant("wait" as const) }),
      fc.record({ do: fc.constant("save" as const), bad: fc.boolean() }),
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        const gateways = fleet("a", "b");
        let saves = 0;
        let worst = true;
        const refuses: Record<string, number> = {};
        for (const node of nodes) gateways.refuses.set(node, refuses);
        for (const each of acts) {
          if (each.do === "connect") gateways.connect(each.node);
          else if (each.do === "leave") gateways.leave(each.node);
          else if (each.do === "hush") gateways.silent.add(each.node);
          else if (each.do === "wake") gateways.silent.delete(each.node);
          else if (each.do === "step") gateways.step();
          else if (each.do === "wait") gateways.now += answerMs;
          else {
            saves += 1;
            worst = each.bad;
            if (each.bad) refuses[`v${saves}`] = 3;
            gateways.propose(`v${saves}`);
          }
        }
        gateways.silent.clear();
        gateways.connect(...nodes);
        for (let i = 0; i < 5; i += 1) {
          gateways.settle();
          gateways.now += answerMs;
        }
        const { state } = gateways;
        expect(state.phase).to.equal("steady");
        const good = state.phase === "steady" ? state.good : "";
        expect(refuses[good], "what all refuse is never good").to.equal(undefined);
        const unanswered = gateways
          .words()
          .some((word) => word.startsWith(`refused v${saves}: silence`));
        if (saves === 0 || worst || unanswered) return;
        expect(good, "the last save counts").to.equal(`v${saves}`);
      }),
      { numRuns: 500 },
    );
  });
});
