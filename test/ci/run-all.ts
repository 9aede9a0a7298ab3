// Runs one thing after another, whether or not those before failed, and tells of all at the end.

/** What came of one of them. */
export interface Result {
  readonly name: string;
  readonly passed: boolean;
  readonly seconds: number;
}

/** @param isOver true where nothing more is to be begun */
export async function runAll(
  names: readonly string[],
  run: (name: string) => Promise<boolean>,
  isOver: () => boolean = () => false,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const name of names) {
    if (isOver()) break;
    const begin = performance.now();
    const passed = await run(name);
    results.push({ name, passed, seconds: (performance.now() - begin) / 1_000 });
  }
  return results;
}

/** A line for each: what passed, then what failed, then what was not begun; the last line counts. */
export function toldResults(names: readonly string[], results: readonly Result[]): string {
  const passed = results.filter((result) => result.passed);
  const failed = results.filter((result) => !result.passed);
  const left = names.filter((name) => !results.some((result) => result.name === name));
  const line = (mark: string, { name, seconds }: Result): string =>
    `${mark} ${name.padEnd(20)} ${Math.round(seconds)} s`;
  return [
    ...passed.map((result) => line("✓", result)),
    ...failed.map((result) => line("✗", result)),
    ...left.map((name) => `· ${name.padEnd(20)} not begun`),
    `${passed.length} passed, ${failed.length + left.length} failed`,
  ].join("\n");
}
