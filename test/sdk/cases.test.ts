// The file of the SDKs' shared cases is what its schema says, so that no runner passes over a key that it does not know.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { entries, listAt, textAt, valueAt } from "../harness/json.ts";

const read = (file: string): unknown => JSON.parse(readFileSync(join(root, "sdk", file), "utf8"));

describe("the SDKs' shared cases", () => {
  const file = read("cases.json");
  const cases = listAt(file, "cases");
  const check = new Ajv2020({ allErrors: true }).compile(schemaOf(read("cases.schema.json")));

  it("are as the schema says", () => {
    expect(check(file), JSON.stringify(check.errors)).to.equal(true);
  });

  it("have names of their own", () => {
    const names = cases.map((one) => textAt(one, "name"));
    expect(new Set(names).size).to.equal(names.length);
  });

  const base = { name: "a case", call: { do: "agents" }, expect: { agents: [] } };
  const changes: Readonly<Record<string, unknown>> = {
    "a key of a case": { ...base, skip: true },
    "a key of a call": { ...base, call: { ...base.call, ask: "x" } },
    "a key of what is expected": { ...base, expect: { ...base.expect, agent_s: [] } },
    "a kind of error": { ...base, expect: { error: { kind: "Whatever" } } },
    "a way to call": { ...base, call: { do: "ask" } },
    "that nothing is expected": { ...base, expect: {} },
  };

  it("may have a case that the schema knows wholly", () => {
    expect(check({ cases: [base] }), JSON.stringify(check.errors)).to.equal(true);
  });

  for (const [what, changed] of Object.entries(changes)) {
    it(`may not have ${what} that the schema does not know`, () => {
      expect(check({ cases: [changed] })).to.equal(false);
    });
  }

  it("ask with an id wherever they ask what the agent saw", () => {
    const without = cases.filter(
      (one) => valueAt(one, "agentSaw") !== undefined && !asks(one).includes("{id}:"),
    );
    expect(without).to.deep.equal([]);
  });
});

/** All that a case asks, as one text. */
function asks(one: unknown): string {
  return JSON.stringify(valueAt(one, "call"));
}

function schemaOf(value: unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(entries({ value }, "value"));
}
