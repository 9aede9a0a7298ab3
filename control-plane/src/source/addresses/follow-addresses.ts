// Follows the addresses behind names that DNS knows, so that they are instances like others.

import { isIPv6 } from "node:net";
import type { Clock } from "@smartcall/runtime";
import type { Instance, Reach } from "../instance.ts";
import { soon } from "../soon.ts";
import { isLoopback } from "./address.ts";

/** Where the instances of one agent are. */
export interface Place {
  readonly host: string;
  readonly port: number;
  /** Where it is `plain`, addresses that are not on this machine are left out. */
  readonly reach: Reach;
}

/** What following is done with. */
export interface FollowOptions {
  readonly clock: Clock;
  /** The IP addresses behind a name; rejects where it cannot tell. */
  readonly resolve: (host: string) => Promise<readonly string[]>;
  /** The instances of an agent are others than before. */
  readonly change: () => void;
  readonly say: (note: AddressNote) => void;
}

/** Something for an operator to know about a name. */
export interface AddressNote {
  readonly level: "info" | "warn";
  readonly host: string;
  readonly message: string;
}

/** Names that are followed until it is closed. */
export interface FollowedAddresses {
  /** The instances at places that are followed, by agent; none where the name was not yet found. */
  instances(places: ReadonlyMap<string, Place>): ReadonlyMap<string, readonly Instance[]>;
  /**
   * What is followed from here on: the names of these places, and no others.
   *
   * @returns settles once every name was looked up, or after two seconds
   */
  follow(places: Iterable<Place>): Promise<void>;
  close(): void;
}

/** How long a found address is believed, in milliseconds; what DNS itself allows is not known. */
const againMs = 5_000;
const patienceMs = 2_000;

/**
 * Looks each name up, and again every 5 seconds. Where that fails, or nothing comes
 * back, the last addresses stay: a name server that is down takes no agent with it.
 */
export function followAddresses({ clock, resolve, change, say }: FollowOptions): FollowedAddresses {
  const names = new Map<string, Name>();

  const look = async (host: string, name: Name): Promise<void> => {
    const found = await lookUp(resolve, host);
    if (names.get(host) !== name) return;
    name.cancel = clock.after(againMs, () => void look(host, name));
    if (typeof found === "string") {
      if (name.problem !== found) say(failure(host, found, name.addresses));
      name.problem = found;
      return;
    }
    if (name.problem !== undefined) {
      say({ level: "info", host, message: `it has addresses again: ${found.join(", ")}` });
    }
    name.problem = undefined;
    if (found.join() === name.addresses.join()) return;
    name.addresses = found;
    change();
  };

  return {
    instances: (places) =>
      new Map([...places].map(([agent, place]) => [agent, instancesOf(place, names)])),
    async follow(places) {
      const hosts = new Set([...places].map(({ host }) => host));
      for (const [host, { cancel }] of names) {
        if (hosts.has(host)) continue;
        cancel();
        names.delete(host);
      }
      for (const host of hosts) {
        if (names.has(host)) continue;
        const name: Name = {
          addresses: [],
          problem: undefined,
          cancel: () => undefined,
          first: Promise.resolve(),
        };
        names.set(host, name);
        name.first = look(host, name);
      }
      await soon(clock, Promise.all([...names.values()].map(({ first }) => first)), patienceMs);
    },
    close() {
      for (const { cancel } of names.values()) cancel();
      names.clear();
    },
  };
}

/** One name that is followed. */
interface Name {
  /** Sorted; the last that were found. */
  addresses: readonly string[];
  /** Why the last look found nothing. */
  problem: string | undefined;
  cancel: () => void;
  first: Promise<void>;
}

async function lookUp(
  resolve: FollowOptions["resolve"],
  host: string,
): Promise<readonly string[] | string> {
  try {
    const found = [...new Set(await resolve(host))].sort();
    return found.length > 0 ? found : "it has no addresses";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}

function instancesOf(place: Place, names: ReadonlyMap<string, Name>): readonly Instance[] {
  const { host, port, reach } = place;
  return (names.get(host)?.addresses ?? [])
    .filter((address) => reach !== "plain" || isLoopback(address))
    .map((address) => ({
      id: isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`,
      address: { kind: "ip", host: address, port },
      healthy: true,
      zone: "",
      version: "",
      reach,
    }));
}

function failure(host: string, problem: string, kept: readonly string[]): AddressNote {
  const meanwhile =
    kept.length === 0
      ? "its agents have no instances until it can"
      : `its last addresses stay: ${kept.join(", ")}`;
  return { level: "warn", host, message: `it cannot be looked up (${problem}); ${meanwhile}` };
}
