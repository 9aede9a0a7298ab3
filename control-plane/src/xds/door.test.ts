import { createManualClock, type ManualClock } from "@smartcall/runtime/testing";
// Who is let in at the door, who must go, and who is never kept out.

import { EventEmitter } from "node:events";
import { expect } from "chai";
import type { JoinedBy, NodeProof } from "../state/index.ts";
import {
  connectionRate,
  createDoor,
  type Guest,
  mostOfAddress,
  mostOfName,
  proveMs,
  streamRate,
  wrongRate,
} from "./door.ts";

class Caller extends EventEmitter implements Guest {
  readonly remoteAddress: string;
  readonly remotePort: number;
  gone = false;
  constructor(address: string, port: number) {
    super();
    this.remoteAddress = address;
    this.remotePort = port;
  }
  get peer(): string {
    return `${this.remoteAddress}:${this.remotePort}`;
  }
  destroy(): void {
    this.gone = true;
    this.emit("close");
  }
}

describe("the door", () => {
  let clock: ManualClock;
  let asked = 0;
  let port = 0;
  const token = { id: "t", subject: "s", expires: new Date(0) };
  const joinedBy: JoinedBy = (authorization) => {
    asked += 1;
    if (authorization === undefined || authorization.startsWith("wrong")) {
      return { ok: false, code: "UNAUTHENTICATED", message: "no" };
    }
    const [kind, name = ""] = authorization.split(".");
    const proof: NodeProof =
      kind === "gateway" || kind === "agent" ? { kind, name, token } : { kind: "owner" };
    return { ok: true, proof };
  };
  const opened = (openFiles = 20_000) => createDoor({ joinedBy, clock, openFiles });
  const come = (door: ReturnType<typeof opened>, address: string): Caller => {
    const caller = new Caller(address, ++port);
    door.enter(caller);
    return caller;
  };
  const far = (number: number): string => `192.0.${number >> 8}.${number & 255}`;

  beforeEach(() => {
    clock = createManualClock();
    asked = 0;
    port = 0;
  });

  it("A82 is closed to who has proved nothing in time, and stays open to who has", () => {
    const door = opened();
    const [stranger, gateway, local] = ["192.0.2.1", "192.0.2.1", "127.0.0.1"].map((address) =>
      come(door, address),
    );
    door.joinedBy("gateway.g2", gateway?.peer ?? "");
    door.joinedBy("mesh", local?.peer ?? "");
    expect(door.joinedBy("wrong", stranger?.peer ?? "").ok).to.equal(false);
    clock.pass(proveMs - 1);
    expect(stranger?.gone).to.equal(false);
    clock.pass(1);
    expect([stranger?.gone, gateway?.gone, local?.gone]).to.deep.equal([true, false, false]);
    clock.pass(10 * proveMs);
    expect(door.count()).to.deep.equal({ all: 2, unproven: 0 });
  });

  it("lets an address have so many that prove nothing, and closes its oldest for its next", () => {
    const door = opened();
    const other = come(door, "192.0.2.9");
    const flood = Array.from({ length: mostOfAddress }, () => come(door, "192.0.2.1"));
    expect(flood.filter(({ gone }) => gone)).to.have.length(0);
    clock.pass(1_000);
    come(door, "192.0.2.1");
    expect(flood.map(({ gone }) => gone).indexOf(false)).to.equal(1);
    expect(other.gone).to.equal(false);
  });

  it("takes all of a network of IPv6 as one address", () => {
    const door = opened();
    for (let each = 0; each < 2 * mostOfAddress; each++) {
      come(door, `2001:db8:1:2::${each.toString(16)}`);
    }
    expect(door.count().all).to.equal(mostOfAddress);
    expect(come(door, "2001:db8:1:3::1").gone).to.equal(false);
  });

  it("refuses an address that comes too fast before anything is read, and no other", () => {
    const door = opened();
    const flood = Array.from({ length: 1_000 }, () => come(door, "192.0.2.1"));
    expect(flood.findIndex(({ gone }) => gone)).to.equal(connectionRate.burst);
    expect(come(door, "192.0.2.2").gone).to.equal(false);
  });

  it("keeps room for this machine, and for addresses of nodes, in a flood from everywhere", () => {
    const door = opened();
    const known = come(door, "198.51.100.1");
    door.joinedBy("gateway.g2", known.peer);
    const local = come(door, "127.0.0.1");
    const floodFor = (connections: number, from: number): void => {
      for (let each = from; each < from + connections; each++) {
        clock.pass(5);
        come(door, far(each));
      }
    };
    floodFor(1_000, 0);
    expect(door.count().unproven).to.equal(513);
    // Strangers have none left, and the node has come before.
    for (let each = 1_000; each < 3_000; each++) come(door, far(each));
    expect(come(door, "203.0.113.1").gone).to.equal(true);
    const again = come(door, "198.51.100.1");
    // It has two seconds to say who it is.
    floodFor(400, 3_000);
    expect([known.gone, local.gone, again.gone]).to.deep.equal([false, false, false]);
  });

  it("never has more connections than files may be open", () => {
    const door = opened(1_024);
    for (let each = 0; each < 2_000; each++) come(door, "127.0.0.1");
    expect(door.count().all).to.equal(128);
    for (let each = 0; each < 2_000; each++) {
      door.joinedBy("mesh", come(door, "127.0.0.1").peer);
    }
    expect(door.count().all).to.equal(512);
  });

  it("lets one agent's token have so many, and refuses only it beyond that", () => {
    const door = opened();
    const tried = Array.from({ length: mostOfName.agent + 10 }, () => {
      clock.pass(25);
      return door.joinedBy("agent.echo", come(door, "192.0.2.1").peer);
    });
    const refused = tried.filter(({ ok }) => !ok);
    expect(refused).to.have.length(10);
    expect(refused[0]).to.include({ ok: false, code: "RESOURCE_EXHAUSTED" });
    expect(door.joinedBy("gateway.g2", come(door, "192.0.2.1").peer).ok).to.equal(true);
  });

  it("ends a connection whose streams begin too fast, but none of the mesh's own token", () => {
    const door = opened();
    for (const [shown, address] of [
      ["agent.echo", "192.0.2.1"],
      ["wrong", "192.0.2.2"],
    ] as const) {
      const caller = come(door, address);
      for (let each = 0; each < streamRate.burst; each++) door.joinedBy(shown, caller.peer);
      expect(caller.gone, shown).to.equal(false);
      door.joinedBy(shown, caller.peer);
      expect(caller.gone, shown).to.equal(true);
    }
    const own = come(door, "127.0.0.1");
    for (let each = 0; each < 1_000; each++) door.joinedBy("mesh", own.peer);
    expect(own.gone).to.equal(false);
  });

  it("lets a gateway ask for all its callers, and ends it where too much is refused of it", () => {
    const door = opened();
    const gateway = come(door, "192.0.2.1");
    for (let each = 0; each < 500; each++) {
      expect(door.joinedBy("gateway.g2", gateway.peer).ok, `call ${each}`).to.equal(true);
    }
    for (let each = 1; each < streamRate.burst; each++) door.joinedBy("wrong", gateway.peer);
    expect(gateway.gone).to.equal(false);
    door.joinedBy("wrong", gateway.peer);
    expect(gateway.gone).to.equal(true);
  });

  it("looks at few signatures of an address that are wrong, and at those that were right still", () => {
    const door = opened();
    const knows = (): boolean => door.joinedBy("gateway.g2", come(door, "192.0.2.1").peer).ok;
    expect(knows()).to.equal(true);
    asked = 0;
    for (let each = 0; each < 100; each++) {
      door.joinedBy(`wrong.${each}`, come(door, "192.0.2.1").peer);
    }
    expect(asked).to.equal(wrongRate.burst - 1);
    expect(knows()).to.equal(true);
    expect(door.joinedBy("gateway.g3", come(door, "192.0.2.2").peer).ok).to.equal(true);
    // The mesh's own token has no signature.
    for (let each = 0; each < 100; each++) {
      door.joinedBy(`wrong.${each}`, come(door, "127.0.0.1").peer);
    }
    expect(door.joinedBy("mesh", come(door, "127.0.0.1").peer).ok).to.equal(true);
  });
});
