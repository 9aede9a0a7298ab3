import { expect } from "chai";
import { placeOfPeer } from "./peer.ts";

describe("where a connection comes from", () => {
  it("is this machine by any address of loopback, with a port or without", () => {
    for (const [peer, address] of [
      ["127.0.0.1:4711", "127.0.0.1"],
      ["127.9.9.9:1", "127.9.9.9"],
      ["127.0.0.1", "127.0.0.1"],
      ["::1:4711", "::1"],
      ["[::1]:4711", "::1"],
      ["::ffff:127.0.0.1:4711", "127.0.0.1"],
      ["::FFFF:127.0.0.1:4711", "127.0.0.1"],
    ] as const) {
      expect(placeOfPeer(peer), peer).to.deep.equal({ kind: "here", address });
    }
  });

  it("is elsewhere by any other address", () => {
    for (const [peer, address] of [
      ["192.0.2.7:4711", "192.0.2.7"],
      ["::ffff:192.0.2.7:4711", "192.0.2.7"],
      ["::ffff:1:2:9", "::ffff:1:2"],
      ["2001:db8::1:9", "2001:db8::1"],
      ["fe80::1%eth0:9", "fe80::1%eth0"],
      ["0.0.0.0:1", "0.0.0.0"],
    ] as const) {
      expect(placeOfPeer(peer), peer).to.deep.equal({ kind: "elsewhere", address });
    }
  });

  it("is not known where there is no address, whatever else is said", () => {
    for (const peer of ["unknown", "", "localhost:1", "127.0.0.1.example:1", "1:127.0.0.1"]) {
      expect(placeOfPeer(peer), peer).to.deep.equal({ kind: "unnamed" });
    }
  });
});
