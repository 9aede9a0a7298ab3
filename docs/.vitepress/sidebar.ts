// The site's sidebar: the list of pages that `docs/README.md` holds, in its order.
import { pageName } from "./links.ts";

interface Page {
  readonly text: string;
  /** From the site's root, without an ending; a folder's own page ends in `/`. */
  readonly link: string;
}

interface Group {
  readonly text: string;
  readonly items: Page[];
}

/** Reads the list: a heading of level three for each group, and an entry for each page. */
export function sidebarOf(list: string): Group[] {
  return list
    .split(/^### /m)
    .slice(1)
    .map((part) => ({
      text: part.split("\n", 1)[0] ?? "",
      items: [...part.matchAll(/^- \[(.+?)\]\((?:\.\.\/(?=README\.md))?(.+?)\.md\)/gm)].map(
        ([, text = "", path = ""]) => ({ text, link: linkTo(`${path}.md`) }),
      ),
    }));
}

/** What the list and the pages of the site do not agree on, in words. Decisions list themselves. */
export function disagreements(sidebar: readonly Group[], pages: readonly string[]): string[] {
  const listed = sidebar.flatMap(({ items }) => items.map(({ link }) => link));
  const there = pages.filter((page) => !/^decisions\/\d/.test(page)).map(linkTo);
  return [
    ...there.filter((page) => !listed.includes(page)).map((page) => `${page} is not listed`),
    ...listed.filter((page) => !there.includes(page)).map((page) => `${page} is not there`),
  ];
}

function linkTo(path: string): string {
  return `/${pageName(path).replace(/(?:(^|\/)index)?\.md$/, "$1")}`;
}
