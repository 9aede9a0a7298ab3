import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import fc from "fast-check";
import { isScalar, type Node, parseDocument, visit } from "yaml";
import { parseMesh } from "./parse-mesh.ts";
import { prettyDiagnostic } from "./pretty.ts";

const folder = fileURLToPath(new URL("../../src/config/cases/", import.meta.url));
const good = readdirSync(folder)
  .filter((name) => /^ok-.*\.yaml$/.test(name) && name !== "ok-anchors.yaml")
  .map((name) => readFileSync(folder + name, "utf8"));

/** Where each value of a text begins and ends. */
function rangesOf(text: string, which: "keys" | "values"): readonly (readonly [number, number])[] {
  const ranges: (readonly [number, number])[] = [];
  visit(parseDocument(text), {
    Node: (key, node: Node) => {
      if (!node.range || key === null || (key === "key") !== (which === "keys")) return;
      if (which === "keys" && !isScalar(node)) return;
      ranges.push([node.range[0], node.range[1]]);
    },
  });
  return ranges;
}

/** What stood over several lines leaves its last line break where it was. */
function replaced(text: string, [from, to]: readonly [number, number], by: string): string {
  const end = text[to - 1] === "\n" ? "\n" : "";
  return `${text.slice(0, from)}${by}${end}${text.slice(to)}`;
}

function found(text: string): readonly string[] {
  return parseMesh([{ name: "mesh.yaml", text }]).diagnostics.map(
    ({ at, code }) => `${at.line} ${code}`,
  );
}

describe("one value that cannot be read", () => {
  it("is one mistake, wherever it stands: nothing is concluded from it", () => {
    for (const text of good) {
      const before = found(text);
      for (const [from, to] of rangesOf(text, "values")) {
        const damaged = replaced(text, [from, to], " *nothing");
        const line = text.slice(0, from).split("\n").length;
        const after = found(damaged).filter((each) => !before.includes(each));
        expect(after, damaged).to.deep.equal([`${line} SC105`]);
      }
    }
  });
});

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const word = (length: number, from = letters) =>
  fc
    .array(fc.constantFrom(...from), { minLength: length, maxLength: length })
    .map((all) => all.join(""));

/** Each of the shapes, and what must never be seen of it. */
const secret = fc
  .tuple(
    fc.constantFrom(
      ...[
        (a: string) => `sk-${a}`,
        (a: string) => `sk-proj-${a}`,
        (a: string) => `AKIA${a.toUpperCase().slice(0, 16)}`,
        (a: string) => `AIza${a}`,
        (a: string) => `ghp_${a}`,
        (a: string) => `hf_${a}`,
        (a: string) => `xoxb-${a}`,
        (a: string) => `Bearer eyJ${a}.eyJ${a}.${a}`,
        (a: string) => `https://ann:${a}@a.example.com/keys`,
      ],
    ),
    word(35),
  )
  .map(([shape, body]) => ({ text: shape(body), body: body.slice(0, 16).toLowerCase() }));

describe("a secret", () => {
  it("is never printed, as data or as text, wherever in a file it stands", () => {
    const places = good.flatMap((text) =>
      (["keys", "values"] as const).flatMap((which) =>
        rangesOf(text, which).map((range) => ({ text, range })),
      ),
    );
    const quotes = fc.constantFrom("", '"', "'", "[", "Bearer: ", "/v1/", "x:", "unix:/");
    fc.assert(
      fc.property(fc.constantFrom(...places), secret, quotes, (place, hidden, before) => {
        const { range, text } = place;
        const after = before === "[" ? "]" : /^["']$/.test(before) ? before : "";
        const damaged = replaced(text, range, `${before}${hidden.text}${after}`);
        for (const each of parseMesh([{ name: "mesh.yaml", text: damaged }]).diagnostics) {
          const printed = `${JSON.stringify(each)}\n${prettyDiagnostic(each, damaged)}`;
          expect(printed.toLowerCase(), damaged).to.not.include(hidden.body);
        }
      }),
      { numRuns: 400 },
    );
  });
});
