// What k6 measured, for the report: into the file that the runner names, or printed where it is run by hand.

/** k6 calls it at the end of each run. */
export function handleSummary(data: object): Record<string, string> {
  return { [__ENV["SMARTCALL_SUMMARY"] ?? "stdout"]: `${JSON.stringify(data, undefined, 1)}\n` };
}
