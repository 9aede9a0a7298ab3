// Where sidecars take calls, as a text and back.

import { expect } from "chai";
import { parseLeaseAddress, printLeaseAddress } from "./lease-address.ts";

describe("the address of an instance", () => {
  const taken = {
    "127.0.0.1:50051": { kind: "ip", host: "127.0.0.1", port: 50051 },
    "10.0.0.7:1": { kind: "ip", host: "10.0.0.7", port: 1 },
    "[fd00::1]:65535": { kind: "ip", host: "fd00::1", port: 65535 },
  } as const;
  for (const [text, address] of Object.entries(taken)) {
    it(`${text} is read as it is printed`, () => {
      expect(parseLeaseAddress(text)).to.deep.equal(address);
      expect(printLeaseAddress(address)).to.equal(text);
    });
  }

  for (const text of [
    "",
    "127.0.0.1",
    "127.0.0.1:0",
    "127.0.0.1:65536",
    "127.1:80",
    "[127.0.0.1]:80",
    "localhost:80",
    "::1:80",
    "[nonsense]:80",
    "http://127.0.0.1:80",
    "unix:/tmp/agent.sock",
  ]) {
    it(`"${text}" is none`, () => {
      expect(parseLeaseAddress(text)).to.equal(undefined);
    });
  }
});
