import { expect } from "chai";
import { listIn, numberIn, objectOf, parseObject, textIn, valueIn } from "./json.ts";

describe("reading JSON of any shape", () => {
  it("takes an object, and nothing else", () => {
    expect(parseObject('{"a":1}')).to.deep.equal({ a: 1 });
    for (const text of ["[1]", "null", '"a"', "1", "", '{"a":', "\u0000"]) {
      expect(parseObject(text), text).to.equal(undefined);
    }
    for (const value of [undefined, null, [], "a", 1]) expect(objectOf(value)).to.equal(undefined);
  });

  it("gives what is under a path only where it is of the kind asked for", () => {
    const answer = parseObject('{"a":{"text":"x","empty":"","number":0,"list":[1]}}');
    expect(textIn(answer, "a", "text")).to.equal("x");
    expect(textIn(answer, "a", "empty")).to.equal(undefined);
    expect(textIn(answer, "a", "number")).to.equal(undefined);
    expect(numberIn(answer, "a", "number")).to.equal(0);
    expect(numberIn(answer, "a", "text")).to.equal(undefined);
    expect(listIn(answer, "a", "list")).to.deep.equal([1]);
    expect(listIn(answer, "a")).to.equal(undefined);
    expect(valueIn(answer, "a", "text", "length")).to.equal(undefined);
  });

  it("knows no field that the text does not have, such as those every object is born with", () => {
    for (const name of ["toString", "__proto__", "constructor"]) {
      expect(valueIn(parseObject("{}"), name), name).to.equal(undefined);
    }
  });
});
