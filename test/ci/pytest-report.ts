// Reads how many tests passed from pytest's own report.
import { type Counts, failureLine } from "./counts.ts";

/**
 * What came of the tests, and of the coverage, which counts as one more.
 *
 * @param code What pytest ended with: 0 where all tests passed and the coverage is enough.
 * @param report Gives the report, in JUnit's XML; throws where there is none.
 */
export function readReport(code: number, report: () => string): Counts {
  const text = readOr(report, "");
  const [suite = ""] = /<testsuite [^>]*>/.exec(text) ?? [];
  const count = (name: string): number =>
    Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const tests = count("tests");
  // A test that is skipped shows nothing.
  const failed = count("errors") + count("failures") + count("skipped");
  if (tests === 0) return { passed: 0, failed: 1 };
  if (failed > 0)
    return { passed: Math.max(0, tests - failed), failed, failures: failuresIn(text) };
  return code === 0 ? { passed: tests + 1, failed: 0 } : { passed: tests, failed: 1 };
}

function failuresIn(report: string): readonly string[] {
  const found = report.matchAll(
    / name="([^"]*)"[^>]*><(?:failure|error|skipped)[^>]* message="([^"]*)"/g,
  );
  return [...found].map(([, name = "", why = ""]) => failureLine(name, readable(why)));
}

/** XML's own way of writing some characters undone. */
function readable(text: string): string {
  const characters = { "#10": "\n", quot: '"', apos: "'", lt: "<", gt: ">", amp: "&" };
  return Object.entries(characters).reduce(
    (read, [name, character]) => read.replaceAll(`&${name};`, character),
    text,
  );
}

function readOr(report: () => string, otherwise: string): string {
  try {
    return report();
  } catch {
    return otherwise;
  }
}
