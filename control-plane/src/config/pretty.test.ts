import { expect } from "chai";
import { prettyDiagnostic } from "./pretty.ts";

const found = {
  code: "SC201",
  severity: "error",
  at: { file: "mesh.yaml", line: 2, column: 3 },
  message: "Unknown key `ehco` in the mesh.",
  hint: "Did you mean `echo`?",
} as const;

describe("a printed diagnostic", () => {
  it("has the place, the code, the line, a caret under the word, and the hint", () => {
    expect(prettyDiagnostic(found, "mesh: a\n  ehco: 1\n")).to.equal(
      [
        "mesh.yaml:2:3 error SC201 Unknown key `ehco` in the mesh.",
        "   2 |   ehco: 1",
        "     |   ^^^^",
        "hint: Did you mean `echo`?",
      ].join("\n"),
    );
  });

  it("has the caret under all of a quoted value, of words, of a key", () => {
    const under = (line: string, column: number): string => {
      const at = { file: "mesh.yaml", line: 1, column };
      const [, text = "", caret = ""] = prettyDiagnostic({ ...found, at }, line).split("\n");
      return text.slice(caret.indexOf("^"), caret.lastIndexOf("^") + 1);
    };
    expect(under('a: "it\\"s: here" # why', 4)).to.equal('"it\\"s: here"');
    expect(under("'my key': 1", 1)).to.equal("'my key'");
    expect(under("timeout: 5 minutes # long", 10)).to.equal("5 minutes");
    expect(under("{ path: v1/a:b, x: y }", 9)).to.equal("v1/a:b");
    expect(under("key: value", 1)).to.equal("key");
    expect(under("to: {}", 5)).to.equal("{");
    expect(under("a:\t-1", 4)).to.equal("-1");
  });

  it("leaves the lines of a private key out, the last one too", () => {
    const text =
      "a: |\n-----BEGIN PRIVATE KEY-----\nabcdef\nxyz=\n-----END PRIVATE KEY-----\nb: 1\n";
    const lines = [2, 3, 4, 5, 6].map((line) => {
      const at = { file: "mesh.yaml", line, column: 1 };
      return prettyDiagnostic({ ...found, at }, text);
    });
    expect(lines.join("\n")).to.not.match(/abcdef|xyz/);
    expect(lines[4]).to.include("b: 1");
  });

  it("leaves the line out when there is no text, or no such line", () => {
    expect(prettyDiagnostic(found).split("\n")).to.have.length(2);
    expect(prettyDiagnostic(found, "mesh: a").split("\n")).to.have.length(2);
  });

  it("has colour only when asked", () => {
    expect(prettyDiagnostic(found, "a\nb\n")).to.not.include("\u001b");
    expect(prettyDiagnostic(found, "a\nb\n", { colour: true })).to.include(
      "\u001b[31merror\u001b[0m",
    );
  });

  it("cuts a long line around the place, and keeps the caret under it", () => {
    const at = { file: "mesh.yaml", line: 1, column: 301 };
    const [, line = "", caret = ""] = prettyDiagnostic(
      { ...found, at },
      `${"x ".repeat(150)}here${" y".repeat(150)}`,
    ).split("\n");
    expect(line.length).to.be.below(120);
    expect(line.slice(caret.indexOf("^"))).to.match(/^here/);
  });

  it("neither lets the file steer the terminal nor shows a key that stands on the line", () => {
    const text = "mesh: a\n  ehco: \u001b[2J, key: hunter2, api: sk-aaaaaaaaaaaaaaaaaaaaaaaa\n";
    const printed = prettyDiagnostic(found, text);
    expect(printed).to.not.include("\u001b");
    expect(printed).to.not.match(/hunter2|sk-a/);
  });
});
