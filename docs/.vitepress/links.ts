// Links of pages, written for readers of the repository, made to lead somewhere on the site too.
import { cpSync, existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, join, posix, relative, resolve, sep } from "node:path";

/** Files that pages lead to and that are no pages: shown as they are. */
export class LinkedFiles {
  readonly #root: string;
  readonly #docs: string;
  /** Files by where they stand on the site. */
  readonly #files = new Map<string, string>();

  /** @param root the repository's folder, absolute; the pages are in its `docs` */
  constructor(root: string) {
    this.#root = root;
    this.#docs = join(root, "docs");
  }

  /**
   * Where a link leads on the site. Pages begin with `/`; what a browser shows as it is, is
   * relative to the page. Throws where the link leads nowhere.
   *
   * @param page the page's file, absolute
   * @param href the link as it is written
   */
  onSite(page: string, href: string): string {
    const [, path = "", hash = ""] = /^([^#]*)(#.*)?$/.exec(href) ?? [];
    if (/^(?:[a-z]+:|\/\/)/.test(href) || path === "") return href;
    const file = this.#fileOf(page, path);
    if (file === undefined) {
      throw new Error(`${relative(this.#root, page)} leads to ${href}, which is not there.`);
    }
    const inDocs = siteName(relative(this.#docs, file));
    const isInside = !inDocs.startsWith("../");
    if (isInside && inDocs.endsWith(".md")) return `/${pageName(inDocs)}${hash}`;
    const shown = isInside ? inDocs : `files/${siteName(relative(this.#root, file))}.txt`;
    this.#files.set(shown, file);
    const here = posix.dirname(siteName(relative(this.#docs, page)));
    return `./${posix.relative(here, shown)}`;
  }

  /** Puts the files into the finished site. */
  copyTo(site: string): void {
    for (const [shown, file] of this.#files) {
      const to = join(site, shown);
      mkdirSync(dirname(to), { recursive: true });
      cpSync(file, to);
    }
  }

  /** The front page holds the README of the repository too, whose links begin at the root. */
  #fileOf(page: string, path: string): string | undefined {
    const isFront = pageName(siteName(relative(this.#docs, page))) === "index.md";
    const from = [dirname(page), ...(isFront ? [this.#root] : [])];
    return from
      .map((folder) => resolve(folder, path))
      .flatMap((file) => [join(file, "README.md"), file])
      .find((file) => existsSync(file) && statSync(file).isFile());
  }
}

/** A page's file as VitePress names it once a folder's own page is its index. */
export function pageName(path: string): string {
  return path.replace(/(^|\/)README\.md$/, "$1index.md").replace(/^SECURITY\.md$/, "security.md");
}

/** The anchor of a heading, as the repository's own pages have it. */
export function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Mark}\p{Number}\p{Connector_Punctuation} -]/gu, "")
    .replaceAll(" ", "-");
}

function siteName(path: string): string {
  return path.split(sep).join("/");
}
