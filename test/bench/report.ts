// Prints what was measured, and on what machine.
import { cpus, loadavg, totalmem } from "node:os";

/** One line that says what the figures hold for. */
export function machine(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  return `${cpus().length} × ${first?.model.trim() ?? "?"}, ${memory} GB, Node ${process.version}`;
}

/** How busy the machine is by all that runs on it; figures of a busy one are too high. */
export function load(): string {
  return `load ${loadavg()[0]?.toFixed(1) ?? "?"}`;
}

/** Rows under their headings, which are the first of them. */
export interface Table {
  readonly title: string;
  readonly rows: readonly (readonly string[])[];
}

/** The same for a page of Markdown. */
export function markdownOf({ title, rows }: Table): string {
  const lines = rows.map((cells) => `| ${cells.join(" | ")} |`);
  const rule = `|${"---|".repeat(rows[0]?.length ?? 0)}`;
  return [title, "", ...lines.slice(0, 1), rule, ...lines.slice(1), ""].join("\n");
}

/** Prints rows under their headings, in columns. */
export function printTable(title: string, rows: readonly (readonly string[])[]): void {
  console.log(`\n${title}`);
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, text] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, text.length);
    }
  }
  for (const row of rows) {
    const cells = row.map((text, column) =>
      column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0),
    );
    console.log(`  ${cells.join("  ")}`);
  }
}
