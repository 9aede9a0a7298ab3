// Reads how many tests passed from pytest's own report.
import type { Counts } from "./counts.ts";

/**
 * What came of the tests, and of the coverage, which counts as one more.
 *
 * @param code What pytest ended with: 0 where all tests passed and the coverage is enough.
 * @param report Gives the report, in JUnit's XML; throws where there is none.
 */
export function readReport(code: number, report: () => string): Counts {
  const [suite = ""] = /<testsuite [^>]*>/.exec(readOr(report, "")) ?? [];
  const count = (name: string): number =>
    Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const tests = count("tests");
  // A test that is skipped shows nothing.
  const failed = count("errors") + count("failures") + count("skipped");
  if (tests === 0) return { passed: 0, failed: 1 };
  if (failed > 0) return { passed: Math.max(0, tests - failed), failed };
  return code === 0 ? { passed: tests + 1, failed: 0 } : { passed: tests, failed: 1 };
}

function readOr(report: () => string, otherwise: string): string {
  try {
    return report();
  } catch {
    return otherwise;
  }
}
