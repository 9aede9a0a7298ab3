// Whatever is done to descriptors: what is taken of them, Envoy takes too.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { type FileDescriptorSet, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { expect } from "chai";
import { constantFrom, nat, sample, tuple } from "fast-check";
import { refusalOf, textOf } from "./envoy-rig.test.ts";
import { type OwnServices, readOwnServices } from "./index.ts";

const root = new URL("../../../../", import.meta.url).pathname;
const seeds = ["station", "weather", "old"].map((agent) => ({
  agent,
  bytes: readFileSync(join(root, "test", "agents", "weather", `${agent}.binpb`)),
}));
const words = [
  ...["", "_", "A", "Order", "Order.Inner", ".acme.station.v1.Order", "acme.station.v1"],
  ...["google", "google.protobuf.Any", ".google.protobuf.Any", "smartcall.v1", "x y", "0a", "é"],
  ...["Inner", "UnitsEntry", "_number", "number", "say", "Station", "."],
];
const numbers = [0, 1, 2, 3, 4, 5, 9, 10, 11, 12, 14, 18, 19, -1, 19_000, 536_870_912, 999, 1000];

describe("descriptors that were changed in any way", function () {
  this.timeout(600_000);

  it("are refused, or taken by Envoy as well", async () => {
    const taken = new Map<string, OwnServices>();
    const change = tuple(nat(), nat(), constantFrom(...words), constantFrom(...numbers));
    const runs = sample(tuple(nat(2), change, change, nat(9)), 3_000);
    for (const [at, one, other, kind] of runs) {
      const { agent, bytes } = seeds[at] ?? { agent: "", bytes: Buffer.alloc(0) };
      const set = fromBinary(FileDescriptorSetSchema, bytes);
      mutate(set, one);
      if (kind > 3) mutate(set, other);
      const services = readOwnServices(written(set) ?? bytes, agent);
      if (!("problems" in services)) taken.set(services.id, services);
    }
    const all = [...new Map([...taken.values()].map((each) => [textOf(each), each])).values()];
    expect(all.length).to.be.greaterThan(30);
    for (let from = 0; from < all.length; from += 200) {
      expect(await refusalOf(all.slice(from, from + 200))).to.equal("");
    }
  });
});

type Change = readonly [where: number, what: number, word: string, value: number];

/** Changes one thing in the agent's own files: the places in them are walked in their order. */
function mutate({ file }: FileDescriptorSet, [where, what, word, value]: Change): void {
  const places: (() => void)[] = [];
  const visit = (within: object): void => {
    for (const [key, held] of Object.entries(within)) {
      const set = (fresh: unknown) => () => void Reflect.set(within, key, fresh);
      if (key.startsWith("$")) continue;
      if (Array.isArray(held)) {
        places.push(() => void held.splice(what % Math.max(1, held.length), 1));
        places.push(() => void held.push(...held.slice(0, 1)));
        places.push(() => likeFirst(held, what, Reflect.get(within, "name")));
        places.push(() => swapNumbers(held, what));
        for (const each of held) if (typeof each === "object" && each !== null) visit(each);
      } else if (typeof held === "string") {
        places.push(set(what % 2 === 0 ? word : `${held}${word}`));
      } else if (typeof held === "number") places.push(set(value));
      else if (typeof held === "boolean") places.push(set(!held));
      else if (typeof held === "object" && held !== null) visit(held);
    }
  };
  for (const each of file) if (each.package.startsWith("acme")) visit(each);
  places[where % Math.max(1, places.length)]?.();
}

/** Gives one of a list nearly the name of the first, as it differs in what is made of names. */
function likeFirst(held: readonly unknown[], what: number, around: unknown): void {
  const [first] = held;
  const other = held[1 + (what % Math.max(1, held.length - 1))];
  const name = nameOf(first);
  if (name === undefined || nameOf(other) === undefined) return;
  const alike = [
    ...[name.toLowerCase(), name.toUpperCase(), `_${name}`, `${name}_`, name.replaceAll("_", "")],
    ...[`${around}_${name}`, `${around}${name}`.toUpperCase(), `${name}Entry`, `${around}`],
    name.replace(/([a-z])([A-Z])/g, "$1_$2"),
  ];
  Reflect.set(Object(other), "name", alike[what % alike.length]);
}

function nameOf(held: unknown): string | undefined {
  if (typeof held !== "object" || held === null) return undefined;
  const name: unknown = Reflect.get(held, "name");
  return typeof name === "string" ? name : undefined;
}

function swapNumbers(held: readonly unknown[], what: number): void {
  const [one, other] = [held[0], held[1 + (what % Math.max(1, held.length - 1))]];
  if (nameOf(one) === undefined || nameOf(other) === undefined) return;
  const [a, b] = [Object(one), Object(other)];
  [a.number, b.number] = [b.number, a.number];
}

/** Nothing where what was changed cannot be written. */
function written(set: FileDescriptorSet): Uint8Array | undefined {
  try {
    return toBinary(FileDescriptorSetSchema, set);
  } catch {
    return undefined;
  }
}
