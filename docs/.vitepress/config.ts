// How the pages of `docs/` become one static site, in `build/docs`: `make docs`.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";
import { anchorOf, LinkedFiles, pageName } from "./links.ts";
import { disagreements, sidebarOf } from "./sidebar.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const sidebar = sidebarOf(readFileSync(new URL("../README.md", import.meta.url), "utf8"));
const files = new LinkedFiles(resolve(root));

/** One door, and what is behind it. */
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="none" stroke="#17809f" stroke-width="2">
<path d="M1 8h5m0 0 6-5M6 8h7M6 8l6 5"/><circle cx="6" cy="8" r="2" fill="#17809f"/></svg>`;

export default defineConfig({
  lang: "en",
  title: "Smart Call",
  description: "A mesh for LLM agents: many agents, many clients, one door that is safe and fast.",
  head: [["link", { rel: "icon", href: `data:image/svg+xml,${encodeURIComponent(icon)}` }]],
  outDir: "../build/docs",
  cacheDir: "../build/.vitepress",
  rewrites: (page) => pageName(page),
  markdown: {
    anchor: { slugify: anchorOf },
    config: (md) => {
      md.core.ruler.push("links", ({ tokens, env }) => {
        for (const { children } of tokens) {
          for (const token of children ?? []) {
            if (token.type !== "link_open") continue;
            const href = files.onSite(String(env.path), token.attrGet("href") ?? "");
            token.attrSet("href", href);
            // The site's own links are followed without loading a page; these are no pages.
            if (href.startsWith("./")) token.attrSet("target", "_self");
          }
        }
      });
    },
  },
  vite: {
    build: { target: "es2022", chunkSizeWarningLimit: 2_000 },
  },
  themeConfig: {
    nav: [
      { text: "Write an agent", link: "/write-an-agent" },
      { text: "mesh.yaml", link: "/mesh-yaml" },
      { text: "Errors", link: "/errors" },
    ],
    sidebar,
    outline: [2, 3],
    externalLinkIcon: false,
    search: { provider: "local" },
    docFooter: { prev: "Before", next: "Next" },
  },
  transformPageData: ({ frontmatter, relativePath }) => {
    // What the sidebar does not list comes neither before nor after another page.
    if (/^decisions\/\d/.test(relativePath)) frontmatter["prev"] = frontmatter["next"] = false;
  },
  buildEnd: ({ outDir, pages }) => {
    const wrong = disagreements(sidebar, pages.map(pageName));
    if (wrong.length > 0) throw new Error(`docs/README.md: ${wrong.join("; ")}`);
    files.copyTo(outDir);
  },
});
