// What is committed works on any machine: no machine's paths, no registry's host, nothing built.
import { execFileSync } from "node:child_process";
import { homedir } from "node:os";
import { expect } from "chai";
import { listFiles, readSource, root } from "./repository.ts";

const thisFile = "test/checks/committed.test.ts";
const files = listFiles().filter((path) => path !== thisFile);
const texts = files
  .map(readSource)
  .filter(({ text }) => !text.includes("\u0000"))
  .flatMap(({ path, text }) =>
    text.split("\n").map((line, index) => ({ at: `${path}:${index + 1}`, line })),
  );

describe("committed files", () => {
  it("name no path of the machine they were written on", () => {
    const places = [
      "/work",
      "/root",
      "/home/\\w+",
      "/Users/\\w+",
      literally(homedir()),
      literally(root),
    ];
    const path = new RegExp(
      `(?:^|[\\s"'\`(=:])(?:file://)?(?:${places.join("|")})(?:/|["'\`\\s]|$)`,
    );
    expect(found(path)).to.deep.equal([]);
  });

  it("name no package registry's host", () => {
    const known = [
      "registry\\.(?:npmjs|yarnpkg)\\.[a-z]+",
      "(?:files\\.)?pythonhosted\\.org",
      "pypi\\.(?:org|python\\.org)/simple",
      "proxy\\.golang\\.org",
      literally(ownRegistry()),
    ];
    expect(found(new RegExp(known.join("|"), "i"))).to.deep.equal([]);
  });

  it("hold nothing that a build makes, and no secret", () => {
    const made =
      /(?:^|\/)(?:node_modules|dist|coverage|\.venv|\.smartcall)\/|\.(?:tgz|log|gguf|key)$/;
    expect(files.filter((path) => made.test(path))).to.deep.equal([]);
    const key = /-----BEGIN [A-Z ]*KEY-----(?:\s|\\n)*(?:[A-Za-z0-9+/=]{40,}(?:\s|\\n)*)+/;
    expect(files.filter((path) => key.test(readSource(path).text))).to.deep.equal([]);
  });
});

/** The registry that npm asks on this machine: often a mirror that nobody else can reach. */
function ownRegistry(): string {
  const address = execFileSync("npm", ["config", "get", "registry"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return new URL(address.trim()).host;
}

function found(pattern: RegExp): readonly string[] {
  return texts.flatMap(({ at, line }) => (pattern.test(line) ? [`${at}: ${line.trim()}`] : []));
}

function literally(text: string): string {
  return text.replace(/\/$/, "").replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
