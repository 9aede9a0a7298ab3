// The table of reasons has every one that the gateway, the quota service and the kit give, and no other.
import { type ReasonRow, reasons } from "@smartcall/protos";
import { expect } from "chai";
import { readSources } from "./repository.ts";

describe("the table of reasons", () => {
  it("has all reasons that calls are refused for, and none that there is not", () => {
    const codes = givenByKit().map(({ reason }) => reason);
    const given = new Set([
      ...givenIn("control-plane/src/translate/"),
      ...givenBySockets(),
      ...codes,
    ]);
    expect(given.size).to.be.greaterThan(20);
    expect([...given].sort()).to.deep.equal(Object.keys(reasons).sort());
  });

  it("has what the quota service gives", () => {
    const given = givenIn("services/quota/src/");
    expect(given).to.include.members(["BUDGET_SPENT", "TOO_MANY_AT_ONCE"]);
    expect(Object.keys(reasons)).to.include.members([...given]);
  });

  it("gives each the status that the kit gives it", () => {
    const statuses = new Map(
      Object.entries<ReasonRow>(reasons).map(([reason, { status }]) => [reason, status]),
    );
    for (const { code, reason } of givenByKit()) {
      expect(statuses.get(reason), reason).to.equal(code);
    }
  });
});

function givenIn(folder: string): readonly string[] {
  return textsUnder(folder).flatMap((text) =>
    [...text.matchAll(/\breason: "([A-Z_]+)"|"(RATE_LIMITED|TOO_MANY_AT_ONCE)"/g)].map(
      ([, reason, other]) => reason ?? other ?? "",
    ),
  );
}

function givenBySockets(): readonly string[] {
  const folder = "services/realtime/src/";
  const made = textsUnder(folder).flatMap((text) =>
    [...text.matchAll(/\brefusal\(\s*"([A-Z_]+)"/g)].map(([, reason = ""]) => reason),
  );
  return [...givenIn(folder), ...made];
}

/** Where the kit gives no reason, the code is the reason. */
function givenByKit(): readonly { readonly code: string; readonly reason: string }[] {
  const failure = /\bagentError\(\s*"([A-Z_]+)",([^;]*?)(?=;|agentError\()/g;
  return textsUnder("services/agent-kit/src/").flatMap((text) =>
    [...text.matchAll(failure)].map(([, code = "", rest = ""]) => {
      return { code, reason: /\breason: "([A-Z_]+)"/.exec(rest)?.[1] ?? code };
    }),
  );
}

function textsUnder(folder: string): readonly string[] {
  return readSources()
    .filter(({ path }) => path.startsWith(folder) && !/\.test\.ts$|\/testing\//.test(path))
    .map(({ text }) => text);
}
