// What came of a scenario, as lines of a table and as a page of Markdown.
import type { Figure, Outcome } from "./scenario.ts";

/** What a report tells beside the outcome. */
export interface Told {
  readonly name: string;
  readonly shows: string;
  /** Such as "2 × AMD EPYC, 24 GB, Node v20.20.2". */
  readonly machine: string;
  readonly date: Date;
  readonly outcome: Outcome;
  /** Files beside the report that show more, such as k6's dashboard. */
  readonly beside: readonly string[];
}

/** Whether nothing failed that must not, and every figure is what was asked. */
export function passed({ figures, failures }: Outcome): boolean {
  return failures.length === 0 && figures.every(({ met }) => met !== false);
}

/** The figures in columns: what, how much, what was asked, whether it is. */
export function rowsOf(figures: readonly Figure[]): readonly (readonly string[])[] {
  return figures.map(({ what, is, asked = "", met }) => [what, is, asked, verdict(met)]);
}

/** The page. */
export function reportOf({ name, shows, machine, date, outcome, beside }: Told): string {
  const { done, figures, failures, notMeasured = [] } = outcome;
  const rows = [["", "is", "asked", ""], ["---", "---", "---", "---"], ...rowsOf(figures)];
  return [
    `# ${name}: ${passed(outcome) ? "passed" : "failed"}`,
    shows,
    done,
    `${machine}; ${date.toISOString().slice(0, 16).replace("T", " ")} UTC.`,
    rows.map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n"),
    ...chapter("What failed", failures),
    ...chapter("Not measured", notMeasured),
    ...chapter(
      "More",
      beside.map((file) => `[${file}](${file})`),
    ),
    "",
  ].join("\n\n");
}

function verdict(met: boolean | undefined): string {
  if (met === undefined) return "";
  return met ? "met" : "missed";
}

function chapter(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  return [`## ${title}`, lines.map((line) => `- ${line.replaceAll("\n", " ")}`).join("\n")];
}

/** A bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
