// Where instances may say that they listen.

import { expect } from "chai";
import { parseLeaseAddress, printLeaseAddress } from "./lease-address.ts";

describe("the address of an instance", () => {
  const taken = {
    "127.0.0.1:50051": { kind: "ip", host: "127.0.0.1", port: 50051 },
    "127.8.0.1:1": { kind: "ip", host: "127.8.0.1", port: 1 },
    "[::1]:65535": { kind: "ip", host: "::1", port: 65535 },
    "unix:/tmp/a b.sock": { kind: "unix", path: "/tmp/a b.sock" },
  };
  for (const [text, address] of Object.entries(taken)) {
    it(`${text} is taken`, () => {
      const parsed = parseLeaseAddress(text);
      expect(parsed).to.deep.equal(address);
      if (typeof parsed !== "string") expect(printLeaseAddress(parsed)).to.equal(text);
    });
  }

  it("is the same however an IPv6 address is written", () => {
    expect(parseLeaseAddress("[0:0:0:0:0:0:0:1]:1")).to.deep.equal(parseLeaseAddress("[::1]:1"));
  });

  for (const text of ["10.0.0.1:1", "0.0.0.0:1", "[::]:1", "[::ffff:127.0.0.1]:1", "[fe80::1]:1"]) {
    it(`${text} is refused because it is not on loopback`, () => {
      expect(parseLeaseAddress(text)).to.be.a("string").that.includes("not on loopback");
    });
  }

  for (const text of [
    "",
    "127.0.0.1",
    "127.0.0.1:0",
    "127.0.0.1:65536",
    "127.1:80",
    "localhost:80",
    "::1:80",
    "[::1%lo]:80",
    "[nonsense]:80",
    "http://127.0.0.1:80",
    "unix:relative",
    "unix:",
    `unix:/${"x".repeat(107)}`,
  ]) {
    it(`"${text}" is refused with a sentence`, () => {
      expect(parseLeaseAddress(text)).to.be.a("string").that.matches(/\.$/);
    });
  }
});
