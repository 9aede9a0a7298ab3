import { expect } from "chai";
import { eventuallySame } from "./testing/eventually-same.ts";
import { type Rig, startRig } from "./testing/rig.ts";
import { valueAt } from "./testing/value-at.ts";

describe("what one caller or agent does wrong", function () {
  this.timeout(30_000);
  let rig: Rig;
  beforeEach(async () => {
    rig = await startRig();
  });
  afterEach(() => rig.stop());

  it("ends the turn of an agent that says what is no event, and no other's", async () => {
    const [caller, other] = [await rig.open(), await rig.open()];
    other.say("c", "hold");
    await other.awaits(1, ({ type }) => type === "event");
    caller.say("c", "garbage");
    const [end] = await caller.ends("c");
    expect(valueAt(end, "event", "error", "details", 0, "reason")).to.equal("BAD_ANSWER");
    await eventuallySame(() => rig.inside.cancelled());
    expect(rig.inside.cancelled()).to.equal(1);
    caller.say("c", "count");
    const [, next] = await caller.ends("c", 2);
    expect(valueAt(next, "event", "done", "finishReason")).to.equal("stop");
    rig.inside.release();
    const [last] = await other.ends("c");
    expect(valueAt(last, "event", "done", "finishReason")).to.equal("stop");
  });

  it("opens with no token that gRPC cannot say, and passes on no header that it cannot", async () => {
    for (const [headers, query] of [
      [{ authorization: "Basic \u00e9" }, ""],
      [{ "x-api-key": "\u00e9" }, ""],
      [{}, "?access_token=%C3%A9"],
      [{}, "?access_token=a%0Ab"],
    ] as const) {
      const refused = await rig.open(headers, query).then(String, String);
      expect(refused, JSON.stringify([headers, query])).to.include("401");
    }
    const caller = await rig.open({ "x!name": "a", "x-value": "\u00e9", "x-good": "b" });
    caller.say("c", "count");
    const [end] = await caller.ends("c");
    expect(valueAt(end, "event", "done", "finishReason")).to.equal("stop");
    const sent = rig.inside.turns[0]?.getMap() ?? {};
    expect(sent).to.include({ "x-good": "b" });
    expect(sent).to.not.have.any.keys("x!name", "x-value");
  });
});
