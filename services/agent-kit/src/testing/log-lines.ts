// Keeps what a log writes, for a test to read.

/** Takes the place of standard output. */
export interface LogLines {
  write(line: string): void;
  /** The lines so far whose message is this, as values. */
  saying(msg: string): readonly Readonly<Record<string, unknown>>[];
  /** All that was written. */
  text(): string;
}

export function logLines(): LogLines {
  const lines: string[] = [];
  return {
    write: (line) => lines.push(line),
    saying: (msg) =>
      lines
        .map(parse)
        .filter((line) => line.get("msg") === msg)
        .map((line) => Object.fromEntries(line)),
    text: () => lines.join(""),
  };
}

function parse(line: string): ReadonlyMap<string, unknown> {
  const value: unknown = JSON.parse(line);
  return new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
}
