import { expect } from "chai";
import { isLocal, parseAddress } from "./address.ts";

describe("an address that an operator writes", () => {
  it("is an IP address with a port, or a Unix socket", () => {
    expect(parseAddress("10.1.2.3:50051")).to.deep.equal({
      kind: "ip",
      host: "10.1.2.3",
      port: 50_051,
    });
    expect(parseAddress("[2001:DB8:0::1]:1")).to.deep.include({ host: "2001:db8::1", port: 1 });
    expect(parseAddress("unix:/run/writer.sock")).to.deep.equal({
      kind: "unix",
      path: "/run/writer.sock",
    });
  });

  it("is nothing else", () => {
    for (const text of [
      "writer.internal:50051",
      "127.0.0.1",
      "127.0.0.1:0",
      "127.0.0.1:65536",
      "127.0.0.300:1",
      "::1:1",
      "[127.0.0.1]:1",
      "[fe80::1%eth0]:1",
      "unix:run/a.sock",
      `unix:/${"a".repeat(107)}`,
      "",
    ]) {
      expect(parseAddress(text), text).to.equal(undefined);
    }
  });

  it("is local on loopback and by a socket only", () => {
    const local = (text: string): boolean | undefined => {
      const address = parseAddress(text);
      return address && isLocal(address);
    };
    for (const text of ["127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "[0:0::1]:1", "unix:/a"]) {
      expect(local(text), text).to.equal(true);
    }
    for (const text of ["10.0.0.1:1", "0.0.0.0:1", "[::]:1", "[fd00::1]:1"]) {
      expect(local(text), text).to.equal(false);
    }
  });
});
