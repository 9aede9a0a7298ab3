// The page to try calls in: its files, and what they are.

import { existsSync, readFileSync } from "node:fs";
import { docsFiles } from "../../config/directory-paths.ts";
import { rendererFiles, rendererFolder } from "./renderer.ts";

/** One file of the page. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Uint8Array;
}

const page = "index.html";
const types = { html: "text/html", css: "text/css", js: "text/javascript" } as const;

/** The file of this name, the page itself for none; undefined where there is none, or it was not built. */
export function pageFile(name: string): PageFile | undefined {
  const file = [page, ...docsFiles].find((each) => each === (name || page));
  const type = Object.entries(types).find(([ending]) => file?.endsWith(`.${ending}`))?.[1];
  if (file === undefined || type === undefined) return undefined;
  const folder = renderer.includes(file) ? rendererFolder : ownFolder;
  const path = new URL(file, folder);
  if (!existsSync(path)) return undefined;
  const bytes = read.get(file) ?? readFileSync(path);
  read.set(file, bytes);
  return { type: `${type}; charset=utf-8`, bytes };
}

const ownFolder = new URL("../../../page/", import.meta.url);
const renderer: readonly string[] = rendererFiles;

/** They never change while the process runs. */
const read = new Map<string, Uint8Array>();
