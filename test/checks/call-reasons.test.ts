// The table of docs/call-an-agent.md has every reason that the edge and the kit give, and no other.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { readSources, root } from "./repository.ts";

describe("docs/call-an-agent.md", () => {
  it("explains every reason that a call is refused for, and none that there is not", () => {
    const given = [...new Set([...givenByEdge(), ...givenByKit()])].sort();
    expect(given.length).to.be.greaterThan(20);
    expect(explained().sort()).to.deep.equal(given);
  });
});

/** Each as `404 NOT_FOUND UNKNOWN_AGENT`. */
function givenByEdge(): readonly string[] {
  const refusal = /\bhttp: (\d+),\s*status: "([A-Z_]+)",\s*reason: "([A-Z_]+)"/g;
  return textsUnder("control-plane/src/translate/").flatMap((text) =>
    [...text.matchAll(refusal)].map(([, http, status, reason]) => `${http} ${status} ${reason}`),
  );
}

/** Where the kit gives no reason, the code is the reason. */
function givenByKit(): readonly string[] {
  const failure = /\bagentError\(\s*"([A-Z_]+)",([^;]*?)(?=;|agentError\()/g;
  return textsUnder("services/agent-kit/src/").flatMap((text) =>
    [...text.matchAll(failure)].map(([, code = "", rest = ""]) => {
      const reason = /\breason: "([A-Z_]+)"/.exec(rest)?.[1] ?? code;
      return `${httpOf[code]} ${code} ${reason}`;
    }),
  );
}

function textsUnder(folder: string): readonly string[] {
  return readSources()
    .filter(({ path }) => path.startsWith(folder) && !/\.test\.ts$|\/testing\//.test(path))
    .map(({ text }) => text);
}

/** Rows such as `| 404 | NOT_FOUND | UNKNOWN_AGENT | why | again |`, each with a why and an again. */
function explained(): string[] {
  const text = readFileSync(join(root, "docs", "call-an-agent.md"), "utf8");
  return [...text.matchAll(/^\| (\d+) \| ([A-Z_]+) \| ([A-Z_]+) \| [^|]+ \| [^|]+ \|$/gm)].map(
    ([, http, status, reason]) => `${http} ${status} ${reason}`,
  );
}

/** As Envoy's transcoder translates what the kit uses. */
const httpOf: Readonly<Record<string, number>> = {
  INVALID_ARGUMENT: 400,
  RESOURCE_EXHAUSTED: 429,
  CANCELLED: 499,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
};
