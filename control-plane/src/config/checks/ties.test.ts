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
import type { Report } from "../problem.ts";
import { noFlaws } from "../schema/flaws.ts";
import { checkPaths } from "./paths.ts";
import { type Rule, rulesByAgent } from "./rule-index.ts";
import { checkTies } from "./ties.ts";

const at = { file: "mesh.yaml", line: 1, column: 1 };

interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  readonly claims?: Readonly<Record<string, readonly string[]>>;
  readonly path?: string | undefined;
  readonly model?: readonly string[] | undefined;
}

function route(name: string, asked: Asked): RouteConfig {
  const { claims = {}, headers = {}, model, path } = asked;
  const located = <T>(values: Readonly<Record<string, T>>) =>
    new Map(Object.entries(values).map(([key, value]) => [key, { value, at }]));
  return {
    name,
    match: {
      agent: { value: "echo", at },
      path: path === undefined ? undefined : { value: path, at },
      model: model && { value: model, at },
      headers: located(headers),
      claims: located(claims),
      flawed: noFlaws,
      at,
    },
    to: undefined,
    sticky: undefined,
    allow: undefined,
    public: undefined,
    timeout: 1000,
    retry: undefined,
    fallback: undefined,
    limits: undefined,
    budget: undefined,
    flawed: noFlaws,
    at,
  };
}

function found(
  routes: readonly RouteConfig[],
  check: (rules: readonly Rule[], report: Report) => unknown = checkTies,
): readonly Diagnostic[] {
  const all: Diagnostic[] = [];
  for (const rules of rulesByAgent(routes).values()) check(rules, (each) => all.push(each));
  return all;
}

const isNamed = ({ message }: Diagnostic): string => message.split("`")[1] ?? "";

const values = fc.subarray(["a", "b", "c"], { minLength: 1 });
const anyRoute = fc.record({
  headers: fc.dictionary(fc.constantFrom("x", "y"), fc.constantFrom("1", "2"), { maxKeys: 2 }),
  claims: fc.dictionary(fc.constantFrom("p", "q", "r"), values, { maxKeys: 2 }),
  model: fc.option(values, { nil: undefined }),
  path: fc.option(
    fc.constantFrom("/*", "/v1/*", "/v1/agents/echo:s*", "/v1/agents/echo:stream", "/*/Stream"),
    { nil: undefined },
  ),
});
const anyRoutes = fc
  .array(anyRoute, { maxLength: 8 })
  .map((made) => made.map((asked, index) => route(`r${index}`, asked)));

describe("routes that tie", () => {
  it("are found exactly where comparing every pair finds them", () => {
    fc.assert(
      fc.property(anyRoutes, (routes) => {
        const all = routes.map(conditionsOf);
        const isTie = (a: Conditions, b: Conditions) =>
          compareSpecificity(a, b) === 0 &&
          overlap(a, b) &&
          !all.some((c) => compareSpecificity(c, a) < 0 && includes(c, bothOf(a, b)));
        const tied = all.filter((one, index) => all.slice(0, index).some((b) => isTie(one, b)));
        expect(new Set(found(routes).map(isNamed)).size).to.equal(tied.length);
      }),
      { numRuns: 500 },
    );
  });

  it("are reported for every route that has one, without repeating each pair", () => {
    const routes = Array.from({ length: 50 }, (_, index) => route(`r${index}`, {}));
    expect(found(routes)).to.have.length(1 + 2 + 47 * 3);
  });

  it("are looked for without comparing every pair of 10,000 routes", () => {
    const routes = Array.from({ length: 10_000 }, (_, index) =>
      route(`r${index}`, {
        headers: { "x-tenant": `t${index}`, "x-beta": "1" },
        claims: { plan: ["gold", "silver"] },
        ...(index % 2 === 0 && { model: ["small", "large"] }),
        ...(index % 3 === 0 && { path: "/v1/agents/echo:*" }),
      }),
    );
    const before = process.cpuUsage();
    expect(found(routes)).to.deep.equal([]);
    expect(found(routes, checkPaths)).to.deep.equal([]);
    expect(process.cpuUsage(before).user / 1000).to.be.below(1500);
  });

  it("do not take long to be found where all 10,000 tie", () => {
    const routes = Array.from({ length: 10_000 }, (_, index) => route(`r${index}`, {}));
    const before = process.cpuUsage();
    expect(found(routes)).to.have.length(1 + 2 + 9_997 * 3);
    expect(process.cpuUsage(before).user / 1000).to.be.below(1500);
  });
});

describe("routes that no call reaches", () => {
  it("are found exactly where trying every route before them finds them", () => {
    fc.assert(
      fc.property(anyRoutes, (routes) => {
        const all = routes.map(conditionsOf);
        const isHidden = (one: Conditions): boolean =>
          [...one.paths].every((path) =>
            all.some(
              (other) =>
                compareSpecificity(other, one) < 0 &&
                includes(other, { ...one, paths: new Set([path]) }),
            ),
          );
        const hidden = routes.filter((_, index) => all.slice(index, index + 1).some(isHidden));
        expect(found(routes, checkPaths).map(isNamed)).to.have.members(
          hidden.map(({ name }) => name),
        );
      }),
      { numRuns: 500 },
    );
  });
});
