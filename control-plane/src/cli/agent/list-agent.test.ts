import { expect } from "chai";
import { parse } from "yaml";
import { listAgent } from "./list-agent.ts";

const cases: Readonly<Record<string, readonly [string, string]>> = {
  "after the last agent, with its indentation, and before the comments that follow": [
    "mesh: demo\nagents:\n    echo: {}   # says it back\n    assistant: {}\n\n# Routes\nroutes: []\n",
    "mesh: demo\nagents:\n    echo: {}   # says it back\n    assistant: {}\n    poet: {}\n\n# Routes\nroutes: []\n",
  ],
  "after a comment on the last agent's own line": [
    "agents:\n  echo: {}  # loud\n",
    "agents:\n  echo: {}  # loud\n  poet: {}\n",
  ],
  "after an agent that is written over several lines": [
    "agents:\n  echo:\n    expose: false\nmesh: demo\n",
    "agents:\n  echo:\n    expose: false\n  poet: {}\nmesh: demo\n",
  ],
  "after an agent without a value": [
    "agents:\n  echo:\nmesh: d\n",
    "agents:\n  echo:\n  poet: {}\nmesh: d\n",
  ],
  "into braces": ["agents: { echo: {} }\nmesh: d\n", "agents: { echo: {}, poet: {} }\nmesh: d\n"],
  "into empty braces": ["agents: {}\n", "agents: {poet: {}}\n"],
  "under `agents` without any": ["agents:\nmesh: d\n", "agents:\n  poet: {}\nmesh: d\n"],
  "with `agents` itself where there is none": ["mesh: d\n", "mesh: d\nagents:\n  poet: {}\n"],
  "to a file without a last line break": [
    "agents:\n  echo: {}",
    "agents:\n  echo: {}\n  poet: {}\n",
  ],
  "to an empty file": ["", "agents:\n  poet: {}\n"],
  "with the file's own line breaks": [
    "agents:\r\n  echo: {}\r\n",
    "agents:\r\n  echo: {}\r\n  poet: {}\r\n",
  ],
};

describe("listing an agent in a mesh file", () => {
  for (const [what, [before, after]] of Object.entries(cases)) {
    it(`adds it ${what}`, () => {
      expect(listAgent(before, "poet")).to.deep.equal({ ok: true, text: after });
      expect(parse(after)).to.have.deep.nested.property("agents.poet", {});
    });
  }

  const refused: Readonly<Record<string, readonly [string, RegExp]>> = {
    "that has the agent": ["agents:\n  poet: {}\n", /poet is listed/],
    "that is no YAML": ["agents: [\n", /./],
    "that is a list": ["- a\n", /no YAML mapping/],
    "whose agents are a list": ["agents: [poet]\n", /no mapping/],
  };
  for (const [what, [text, problem]] of Object.entries(refused)) {
    it(`refuses a file ${what}`, () => {
      const listed = listAgent(text, "poet");
      expect(listed.ok ? "" : listed.problem).to.match(problem);
    });
  }
});
