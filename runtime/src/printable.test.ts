import { expect } from "chai";
import { printable } from "./printable.ts";

describe("text of others, as it is shown", () => {
  it("has a dot for what steers a terminal or turns the direction of writing", () => {
    expect(printable("a\u001b[31m\u202eb\r\n")).to.equal("a·[31m·b··");
  });

  it("has a dot for what looks like a space, or like nothing", () => {
    expect(printable("port:\u00a08443\u3000\u200b\ufeff\u2028x")).to.equal("port:·8443····x");
  });

  it("is else as it was, in every script", () => {
    const text = "grün — 東京 ❤️ می‌خواهم 👩‍🚀 a b";
    expect(printable(text)).to.equal(text);
  });
});
