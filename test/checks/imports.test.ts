// Imports point one way, between packages and along the control plane's pipeline.
import { posix } from "node:path";
import { expect } from "chai";
import { backward, type Import, importsOf, packageImports } from "./layers.ts";
import { readSources } from "./repository.ts";

const imports = readSources().flatMap(({ path, text }) => importsOf(path, text));

describe("imports", () => {
  it("of the control plane's folders point only to folders before them", () => {
    const wrong = imports.flatMap((found) => backwardImport(found));
    expect(wrong).to.deep.equal([]);
  });

  it("between packages follow the table of layers, and never by a relative path", () => {
    const wrong = imports.flatMap((found) => foreignImport(found));
    expect(wrong).to.deep.equal([]);
  });

  it("are all seen by the check", () => {
    const text = [
      'import a from "./a.ts";',
      'export { b } from "./b.ts";',
      'import {\n  c,\n  d,\n} from "./c.ts";',
      'import "./e.ts";',
      'const f = await import("./f.ts");',
      'const program = `\nimport g from "./g.ts";\n`;',
    ].join("\n");
    expect(
      importsOf("x.ts", text).map(({ specifier, line }) => `${line} ${specifier}`),
    ).to.deep.equal(["1 ./a.ts", "2 ./b.ts", "6 ./c.ts", "7 ./e.ts", "8 ./f.ts"]);
  });

  it("that point back are told from those that do not", () => {
    expect(backward("xds", "snapshot")).to.equal(undefined);
    expect(backward("snapshot", "xds")).to.equal("comes after snapshot");
    expect(backward("state", "model")).to.equal("knows none of the other folders");
    expect(backward("model", "cli")).to.equal("is on top; model must not know it");
    expect(backward("cli", "config")).to.equal(undefined);
    expect(backward("admin", "cli")).to.equal("is on top; admin must not know it");
  });
});

function backwardImport({ from, specifier, line }: Import): readonly string[] {
  const base = "control-plane/src/";
  if (!from.startsWith(base) || !specifier.startsWith(".")) return [];
  const target = posix.join(posix.dirname(from), specifier);
  if (!target.startsWith(base)) return [];
  const reason = backward(folderOf(from, base), folderOf(target, base));
  return reason === undefined ? [] : [`${from}:${line} imports ${specifier}, which ${reason}`];
}

function folderOf(path: string, base: string): string {
  return path.slice(base.length).split("/")[0] ?? "";
}

function foreignImport({ from, specifier, line }: Import): readonly string[] {
  const owner = Object.keys(packageImports).find((folder) => from.startsWith(`${folder}/`));
  if (owner === undefined) return [];
  if (specifier.startsWith(".")) {
    const target = posix.join(posix.dirname(from), specifier);
    return target.startsWith(`${owner}/`)
      ? []
      : [`${from}:${line} leaves its package: ${specifier}`];
  }
  const name = /^@smartcall\/([^/]+)/.exec(specifier)?.[1];
  if (name === undefined) return [];
  const allowed = packageImports[owner] ?? [];
  const fits = [owner, ...allowed].some((folder) => posix.basename(folder) === name);
  return fits ? [] : [`${from}:${line}: ${owner} must not import ${specifier}`];
}
