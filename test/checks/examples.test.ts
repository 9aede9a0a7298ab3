// Every example of every page holds: it is checked here by its language, or run by a named test.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseMesh } from "@smartcall/control-plane/dist/config/index.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "chai";
import { valueAt } from "../harness/json.ts";
import { run } from "../harness/smartcall.ts";
import { runners } from "./example-runners.ts";
import { type Block, blocksOf, readPages } from "./pages.ts";
import { listFiles, readSource, root } from "./repository.ts";

const blocks = readPages().flatMap(blocksOf);
const at = ({ page, line }: Block): string => `${page}:${line}`;
const runnerOf = ({ page, text }: Block): readonly string[] =>
  Object.entries(runners[page] ?? {})
    .filter(([begin]) => text.startsWith(begin))
    .map(([, test]) => test);

describe("the examples of pages", function () {
  this.timeout(60_000);

  it("are there to be checked", () => {
    expect(blocks.length).to.be.greaterThan(60);
  });

  it("are each run by one test, or of a language that is checked here", () => {
    const wrong = blocks.filter((block) => runnerOf(block).length !== (checkedHere(block) ? 0 : 1));
    expect(wrong.map(at)).to.deep.equal([]);
  });

  it("are run by tests that are there, and that read the page", () => {
    const files = new Set(listFiles());
    for (const [page, tests] of Object.entries(runners)) {
      for (const [begin, test] of Object.entries(tests)) {
        const shown = blocks.filter((block) => block.page === page && block.text.startsWith(begin));
        expect(shown, `${page}: ${begin}`).to.have.length(1);
        expect(files.has(test), test).to.equal(true);
        expect(readSource(test).text, test).to.contain(`${basename(page)}"`);
      }
    }
  });

  it("are meshes without a mistake, where they are of mesh.yaml", () => {
    for (const block of checked("yaml")) {
      const whole = /^mesh:/m.test(block.text);
      const text = whole ? block.text : `mesh: demo\nagents: { echo: {} }\n${block.text}`;
      const { diagnostics } = parseMesh([{ name: "mesh.yaml", text }]);
      expect(diagnostics, at(block)).to.deep.equal([]);
    }
  });

  it("are what the contract says, where they are answers", () => {
    const contract: unknown = JSON.parse(readSource("docs/openapi.json").text);
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(Object(contract), "contract");
    for (const block of checked("json")) {
      const value: unknown = JSON.parse(block.text);
      const schema = schemas.find(([key]) => valueAt(value, key) !== undefined)?.[1];
      const isValid = ajv.getSchema(`contract#/components/schemas/${schema}`);
      expect(isValid, `${at(block)} is no answer`).to.be.a("function");
      expect(isValid?.(value), `${at(block)} ${JSON.stringify(isValid?.errors)}`).to.equal(true);
    }
  });

  it("are programs that compile", async () => {
    mkdirSync(join(root, "build"), { recursive: true });
    const folder = mkdtempSync(join(root, "build", "examples-"));
    try {
      const compilerOptions = {
        target: "es2023",
        lib: ["es2023", "dom", "dom.asynciterable"],
        module: "nodenext",
        types: ["node"],
        strict: true,
        skipLibCheck: true,
        noEmit: true,
        allowImportingTsExtensions: true,
      };
      const tsconfig = { compilerOptions, include: ["**/*.ts"] };
      writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
      writeFileSync(join(folder, "given.d.ts"), given);
      for (const block of checked("ts")) {
        const own = join(folder, basename(block.page, ".md"));
        mkdirSync(own, { recursive: true });
        writeFileSync(join(own, block.file || `line-${block.line}.ts`), moduleOf(block));
      }
      const tsc = join(root, "node_modules", ".bin", "tsc");
      const { code, output } = await run(tsc, ["-p", folder], { cwd: folder, env: process.env });
      expect(code, output).to.equal(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function checkedHere(block: Block): boolean {
  const { language, page, text } = block;
  if (!["yaml", "json", "ts"].includes(language)) return false;
  return !Object.keys(runners[page] ?? {}).some((begin) => text.startsWith(begin));
}

function checked(language: string): readonly Block[] {
  return blocks.filter((block) => block.language === language && checkedHere(block));
}

/** What a key at the top of an answer says of the whole. */
const schemas: readonly (readonly [string, string])[] = [
  ["error", "Error"],
  ["agents", "smartcall.v1.ListAgentsResponse"],
  ["finishReason", "smartcall.v1.InvokeResponse"],
];

/** A part of a program becomes a module; one that yields, a part of a generator. */
function moduleOf({ text }: Block): string {
  if (/^(?:import|export)\b/m.test(text)) return text;
  return /^\s*yield\b/m.test(text)
    ? `export async function* part() {\n${text}}\n`
    : `${text}export {};\n`;
}

/** What parts of programs take for granted. */
const given = `
import type * as kit from "@smartcall/agent-kit";
declare global {
  type Agent = kit.Agent;
  const agent: kit.Agent;
  const planner: kit.Agent;
  const call: kit.Call;
  const messages: kit.Message[];
  const delta: typeof kit.delta;
  const testAgent: typeof kit.testAgent;
}
`;
