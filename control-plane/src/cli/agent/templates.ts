// The files of a new agent.

import { kit, type Requirements } from "./requirements.ts";

/** The files of a new agent, by name. */
export function agentFiles(name: string, needs: Requirements): Readonly<Record<string, string>> {
  return {
    "package.json": packageJson(name, needs),
    [`${name}.ts`]: source(name),
    [`${name}.test.ts`]: test(name),
  };
}

function packageJson(name: string, needs: Requirements): string {
  const content = {
    name,
    version: "0.1.0",
    private: true,
    type: "module",
    main: `${name}.ts`,
    scripts: {
      start: `node --watch --watch-preserve-output --import tsx ${name}.ts`,
      test: `node --import tsx --test ${name}.test.ts`,
    },
    dependencies: { [kit]: needs.kit },
    devDependencies: { tsx: needs.tsx },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

function source(name: string): string {
  return `// The agent ${name}: say in one sentence here what it does.

import { type Agent, delta, isMain, serveAgent } from "${kit}";

export const agent: Agent = {
  name: "${name}",
  async *stream(call) {
    yield delta(\`You said: \${call.lastUserText}\`);
  },
};

if (isMain(import.meta.url)) serveAgent(agent);
`;
}

function test(name: string): string {
  return `import assert from "node:assert/strict";
import { test } from "node:test";
import { testAgent } from "${kit}";
import { agent } from "./${name}.ts";

test("${name} answers what it is asked", async () => {
  const answer = await testAgent(agent).invoke("Hello");
  assert.equal(answer.text, "You said: Hello");
});
`;
}
