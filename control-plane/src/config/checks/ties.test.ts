import { expect } from "chai";
import fc from "fast-check";
import {
  bothOf,
  type Conditions,
  compareSpecificity,
  conditionsOf,
  includes,
  overlap,
} from "../conditions.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { RouteConfig } from "../mesh-config.ts";
import { checkTies } from "./ties.ts";

const at = { file: "mesh.yaml", line: 1, column: 1 };

function route(
  name: string,
  headers: Readonly<Record<string, string>>,
  claims: Readonly<Record<string, readonly string[]>> = {},
): RouteConfig {
  const located = <T>(values: Readonly<Record<string, T>>) =>
    new Map(Object.entries(values).map(([key, value]) => [key, { value, at }]));
  return {
    name,
    match: {
      agent: { value: "echo", at },
      headers: located(headers),
      claims: located(claims),
      at,
    },
    to: undefined,
    allow: undefined,
    public: undefined,
    timeout: 1000,
    at,
  };
}

function tiesOf(routes: readonly RouteConfig[]): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  checkTies(routes, (each) => found.push(each));
  return found;
}

const values = fc.subarray(["a", "b", "c"], { minLength: 1 });
const anyRoute = fc.record({
  headers: fc.dictionary(fc.constantFrom("x", "y"), fc.constantFrom("1", "2"), { maxKeys: 2 }),
  claims: fc.dictionary(fc.constantFrom("p", "q", "r"), values, { maxKeys: 3 }),
});

describe("routes that tie", () => {
  it("are found exactly where comparing every pair finds them", () => {
    fc.assert(
      fc.property(fc.array(anyRoute, { maxLength: 7 }), (made) => {
        const routes = made.map(({ claims, headers }, index) =>
          route(`r${index}`, headers, claims),
        );
        const all = routes.map(conditionsOf);
        const isTie = (a: Conditions, b: Conditions) =>
          compareSpecificity(a, b) === 0 &&
          overlap(a, b) &&
          !all.some((c) => compareSpecificity(c, a) < 0 && includes(c, bothOf(a, b)));
        const tied = all.filter((one, index) => all.slice(0, index).some((b) => isTie(one, b)));
        const reported = new Set(tiesOf(routes).map(({ message }) => message.split("`")[1]));
        expect(reported.size).to.equal(tied.length);
      }),
      { numRuns: 500 },
    );
  });

  it("are reported for every route that has one, without repeating each pair", () => {
    const routes = Array.from({ length: 50 }, (_, index) => route(`r${index}`, {}));
    expect(tiesOf(routes)).to.have.length(1 + 2 + 47 * 3);
  });

  it("are looked for without comparing every pair of 10,000 routes", () => {
    const routes = Array.from({ length: 10_000 }, (_, index) =>
      route(`r${index}`, { "x-tenant": `t${index}`, "x-beta": "1" }, { plan: ["gold", "silver"] }),
    );
    const before = process.cpuUsage();
    expect(tiesOf(routes)).to.deep.equal([]);
    expect(process.cpuUsage(before).user / 1000).to.be.below(1500);
  });
});
