// Every link of every page leads to a file of this repository, or to the web.
import { posix } from "node:path";
import { expect } from "chai";
import { proseOf } from "./pages.ts";
import { listFiles, readSource } from "./repository.ts";

describe("the links of pages", () => {
  const files = new Set(listFiles());
  const links = [...files]
    .filter((path) => path.endsWith(".md"))
    .flatMap((path) =>
      [...proseOf(readSource(path)).matchAll(/\]\(([^()\s]+)\)/g)].map(([, to = ""]) => ({
        path,
        to,
      })),
    )
    .filter(({ to }) => !to.startsWith("#") && !/^[a-z]+:/.test(to));

  it("are there to be followed", () => {
    expect(links.length).to.be.greaterThan(100);
  });

  it("lead to files", () => {
    const dead = links.filter(({ path, to }) => {
      const [target = ""] = to.split("#");
      return !files.has(posix.join(posix.dirname(path), target));
    });
    expect(dead.map(({ path, to }) => `${path}: ${to}`)).to.deep.equal([]);
  });
});
