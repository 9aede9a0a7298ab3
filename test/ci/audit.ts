// Asks npm's registry for known holes in our dependencies, where the registry answers that.
import { execFile } from "node:child_process";
import { root } from "../checks/repository.ts";
import { entries, numberAt, textAt, valueAt } from "../harness/json.ts";

/** What the registry said. */
export type Audit =
  | { readonly kind: "clean" }
  | { readonly kind: "holes"; readonly packages: readonly string[] }
  | { readonly kind: "no answer"; readonly why: string };

/** Runs `npm audit` over everything that we install. */
export function audit(): Promise<Audit> {
  return new Promise((resolve) => {
    const options = { cwd: root, timeout: 60_000, maxBuffer: 64 * 1024 * 1024 };
    execFile("npm", ["audit", "--json", "--audit-level=none"], options, (error, stdout) => {
      resolve(readAudit(stdout, error === null ? "" : error.message));
    });
  });
}

/** Reads the report that npm printed. */
export function readAudit(printed: string, problem: string): Audit {
  const report = parse(printed);
  const total = numberAt(report, "metadata", "vulnerabilities", "total");
  if (Number.isNaN(total)) {
    const said = textAt(report, "message") || textAt(report, "error", "summary") || problem;
    return { kind: "no answer", why: said.split("\n")[0] || "it said nothing" };
  }
  if (total === 0) return { kind: "clean" };
  const packages = entries(report, "vulnerabilities").map(
    ([name, found]) =>
      `${name} (${textAt(found, "severity")}): ${firstTitle(valueAt(found, "via"))}`,
  );
  return { kind: "holes", packages };
}

function firstTitle(via: unknown): string {
  return textAt(via, 0, "title") || textAt(via, 0);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
