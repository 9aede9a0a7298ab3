// The door of the nodes' ports: who has not proved itself holds little, not for long, and nobody up.

import { type Clock, countAgainst, placeOfPeer, type Rate } from "@smartcall/runtime";
import { digestOf, type JoinedBy, type NodeProof } from "../state/index.ts";
import { addressGroup } from "./address-group.ts";
import { createKnown } from "./known.ts";

/** A connection, before anything of it was read. */
export interface Guest {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  destroy(): unknown;
  once(event: "close", listener: () => void): unknown;
}

/** Who may hold a connection, and for how long. */
export interface Door {
  /** Lets a connection in, or ends it: whether it may be read. */
  enter(guest: Guest): boolean;
  /** Who a node proves to be: a connection stays by it. */
  readonly joinedBy: JoinedBy;
  /** How many connections there are, and how many of them nobody has proved anything on. */
  count(): { readonly all: number; readonly unproven: number };
}

/** What a door is made with. */
export interface DoorOptions {
  readonly joinedBy: JoinedBy;
  readonly clock: Clock;
  /** How many files the process may have open. */
  readonly openFiles: number;
}

/** How long a connection has to prove itself, its handshake included, in milliseconds. */
export const proveMs = 10_000;
/** Connections that have not, of one address of another machine. */
export const mostOfAddress = 128;
/** Connections that one token's name may have. */
export const mostOfName = { gateway: 40, agent: 1_000 } as const;
/** How fast an address of another machine may connect: a handshake costs a millisecond. */
export const connectionRate: Rate = { perSecond: 50, burst: mostOfAddress };
/** The same of all addresses where no node has ever proved itself, together. */
const strangersRate: Rate = { perSecond: 200, burst: 512 };
/** How often a signature that is wrong is looked at, for an address. */
export const wrongRate: Rate = { perSecond: 5, burst: 50 };
/**
 * How fast streams may begin on a connection that has proved nothing, or an agent. A gateway
 * asks for all its callers: what it is refused counts alone.
 */
export const streamRate: Rate = { perSecond: 10, burst: 100 };

/** For state, logs, files of the mesh, the pages and what else the process opens. */
const keptFiles = 512;
const mostConnections = 16_384;
/** Of what is remembered of addresses and tokens. */
const mostKnown = 10_000;

interface Entry {
  readonly guest: Guest;
  /** By address; undefined on this machine. */
  readonly group: string | undefined;
  readonly mayBegin: () => boolean;
  /** Undefined until it has proved itself. */
  proof: NodeProof | undefined;
  readonly giveUp: () => void;
}

/** A door that is open; connections of this machine have room of their own behind it. */
export function createDoor({ joinedBy, clock, openFiles }: DoorOptions): Door {
  const room = roomIn(openFiles);
  const entries = new Map<string, Entry>();
  /** The oldest first. */
  const unproven = new Set<Entry>();
  const rate = (of: Rate) => countAgainst(of, () => clock.now());
  const connections = createKnown(mostKnown, () => rate(connectionRate));
  const wrongs = createKnown(mostKnown, () => rate(wrongRate));
  const provedAt = createKnown(mostKnown, () => true);
  const taken = createKnown(mostKnown, () => true);
  const strangers = rate(strangersRate);

  const end = (entry: Entry | undefined): boolean => {
    entry?.guest.destroy();
    return entry !== undefined && unproven.delete(entry);
  };
  const oldest = (is: (entry: Entry) => boolean): Entry | undefined => {
    for (const entry of unproven) if (is(entry)) return entry;
    return undefined;
  };
  const crowd = (is: (entry: Entry) => boolean, most: number): void => {
    let found = 0;
    for (const entry of unproven) if (is(entry)) found += 1;
    if (found >= most) end(oldest(is));
  };
  /** Whether there is a place, after the oldest that has proved nothing was ended for it. */
  const makeRoom = (group: string | undefined): boolean => {
    if (group === undefined) crowd((entry) => entry.group === undefined, room.unprovenHere);
    else {
      crowd((entry) => entry.group === group, Math.min(mostOfAddress, room.unprovenElsewhere));
      crowd((entry) => entry.group !== undefined, room.unprovenElsewhere);
    }
    const most = group === undefined ? room.all : room.all * 0.75;
    return entries.size < most || end(oldest((entry) => entry.group !== undefined) ?? oldest(any));
  };
  const isTooFast = (group: string | undefined): boolean =>
    group !== undefined && (!connections.of(group)() || (!provedAt.has(group) && !strangers()));

  return {
    enter(guest) {
      const { remoteAddress, remotePort } = guest;
      const peer = `${remoteAddress}:${remotePort}`;
      const group = groupOf(peer);
      // The second by one address and port is to another port of ours: it comes again by another.
      if (
        remoteAddress === undefined ||
        entries.has(peer) ||
        isTooFast(group) ||
        !makeRoom(group)
      ) {
        guest.destroy();
        return false;
      }
      const giveUp = clock.after(proveMs, () => void end(entry));
      const entry: Entry = { guest, group, mayBegin: rate(streamRate), proof: undefined, giveUp };
      entries.set(peer, entry);
      unproven.add(entry);
      guest.once("close", () => {
        giveUp();
        unproven.delete(entry);
        entries.delete(peer);
      });
      return true;
    },
    joinedBy(authorization, peer) {
      const entry = entries.get(peer);
      if (entry === undefined) return joinedBy(authorization, peer);
      const isTooMuch = (): boolean => {
        const over = !entry.mayBegin();
        if (over) end(entry);
        return over;
      };
      const kind = entry.proof?.kind;
      if (kind !== "owner" && kind !== "gateway" && isTooMuch()) return tooMany;
      const address = entry.group ?? "";
      // What has no point in it has no signature: the mesh's own token costs next to nothing.
      const shown = authorization?.includes(".") ? digestOf(authorization) : undefined;
      const isNew = shown !== undefined && !taken.has(shown);
      const joining = isNew && !wrongs.of(address)() ? tooMany : joinedBy(authorization, peer);
      if (!joining.ok && kind === "gateway" && isTooMuch()) return tooMany;
      if (!joining.ok || entry.proof !== undefined) return joining;
      const { proof } = joining;
      if (proof.kind !== "owner") {
        let of = 0;
        for (const { proof: other } of entries.values()) if (isSame(proof, other)) of += 1;
        if (of >= Math.min(mostOfName[proof.kind], room.all / 4)) return tooMany;
      }
      entry.proof = proof;
      entry.giveUp();
      unproven.delete(entry);
      if (entry.group !== undefined) provedAt.of(entry.group);
      if (shown !== undefined) taken.of(shown);
      return joining;
    },
    count: () => ({ all: entries.size, unproven: unproven.size }),
  };
}

function roomIn(openFiles: number) {
  const all = Math.max(
    64,
    Math.min(mostConnections, openFiles - Math.min(keptFiles, openFiles / 2)),
  );
  const part = Math.floor(all / 4);
  return { all, unprovenHere: Math.min(2_048, part), unprovenElsewhere: Math.min(512, part) };
}

function groupOf(peer: string): string | undefined {
  const place = placeOfPeer(peer);
  return place.kind === "elsewhere" ? addressGroup(place.address) : undefined;
}

function isSame(one: NodeProof, other: NodeProof | undefined): boolean {
  return (
    other !== undefined &&
    one.kind !== "owner" &&
    other.kind === one.kind &&
    other.name === one.name
  );
}

function any(): boolean {
  return true;
}

const tooMany = {
  ok: false,
  code: "RESOURCE_EXHAUSTED",
  message: "Too many connections, streams or join tokens from here: try again in a moment.",
} as const;
