// Makes one file of all modules of a program; Node takes half the time to load it.
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleOf, isCurrent } from "@smartcall/control-plane/dist/cli/up/program-file.js";
import { build, type Plugin } from "esbuild";

/** The programs of a mesh that are ours; agents are modules, as their authors write them. */
const programs = [
  "@smartcall/control-plane/dist/main.js",
  "@smartcall/quota",
  "@smartcall/realtime",
];

/** What finds files of its own beside itself, which are not in the bundle. */
const external = ["libsql"];

/** What npm changes with each install: it stands for all files of packages, which are many. */
const installed = fileURLToPath(
  new URL("../../.package-lock.json", import.meta.resolve("esbuild")),
);

/** What modules expect around them. A name of ours gives each the place that it came from. */
const banner = [
  'import { createRequire as __createRequire } from "node:module";',
  'import { dirname as __folderOf } from "node:path";',
  'import { fileURLToPath as __pathOf } from "node:url";',
  "const require = __createRequire(import.meta.url);",
  "const __placeOf = (path) => new URL(path, import.meta.url).href;",
].join("\n");

const asksForPlace = /\bimport\.meta\.url\b|\b(?:import\.meta\.|__)(?:filename|dirname)\b/;

/** Makes the bundles of our programs, where they are not current. */
export async function makeBundles(): Promise<void> {
  await Promise.all(programs.map((main) => makeBundle(fileURLToPath(import.meta.resolve(main)))));
}

/**
 * Makes the bundle of a main module, where it is not current. Whoever runs the program meanwhile
 * runs its modules. True where it was made. Throws where a module cannot be read.
 */
export async function makeBundle(main: string): Promise<boolean> {
  const bundle = bundleOf(main);
  if (isCurrent(bundle)) return false;
  const folder = dirname(bundle.file);
  mkdirSync(folder, { recursive: true });
  const scratch = mkdtempSync(join(folder, "making-"));
  try {
    // The clock of files may be a little late, so the time is a file's too.
    const begun = Math.floor(statSync(scratch).mtimeMs) / 1_000;
    const { outputFiles, metafile } = await build({
      entryPoints: [main],
      outfile: bundle.file,
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20.19",
      external,
      banner: { js: banner },
      // The generated JavaScript of protoc looks for it, which strict mode forbids.
      define: { window: "globalThis" },
      plugins: [places(folder)],
      sourcemap: "linked",
      sourcesContent: false,
      metafile: true,
      write: false,
      absWorkingDir: folder,
      logLevel: "silent",
    });
    const own = Object.keys(metafile.inputs).filter((path) => !path.includes("node_modules/"));
    const others = [installed, fileURLToPath(import.meta.url)];
    const list = JSON.stringify([...own, ...others.map((path) => relative(folder, path))]);
    const files = outputFiles.map(({ path, contents }) => ({ path, contents }));
    // The program itself comes last: what is there until then is older than what changed.
    const isProgram = ({ path }: { readonly path: string }): boolean => path === bundle.file;
    for (const { path, contents } of [
      ...files.filter((file) => !isProgram(file)),
      { path: bundle.madeFrom, contents: list },
      ...files.filter(isProgram),
    ]) {
      const beside = join(scratch, basename(path));
      writeFileSync(beside, contents);
      utimesSync(beside, begun, begun);
      renameSync(beside, path);
    }
    return true;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Gives each module that asks where it is the place where it was, seen from the bundle's folder. */
function places(folder: string): Plugin {
  return {
    name: "places",
    setup({ onLoad }) {
      onLoad({ filter: /\.[cm]?js$/ }, ({ path }) => {
        const text = readFileSync(path, "utf8");
        if (!asksForPlace.test(text)) return undefined;
        const place = `__placeOf(${JSON.stringify(relative(folder, path))})`;
        const contents = text
          .replace(/\bimport\.meta\.url\b/g, place)
          .replace(/\b(?:import\.meta\.|__)filename\b/g, `__pathOf(${place})`)
          .replace(/\b(?:import\.meta\.|__)dirname\b/g, `__folderOf(__pathOf(${place}))`);
        return { contents, loader: "js" };
      });
    },
  };
}
