// Writes the language, and the table of codes, as Markdown.

import { type CodeRow, codes, kinds } from "../codes.ts";
import type { KeyShape, Shape } from "../schema/type.ts";

/** Every key of the language: a table for each mapping with known keys, the alike told once. */
export function keyReference(shape: Shape, title: string): string {
  const alike = new Map<string, string[]>();
  for (const { title: name, body } of sections(shape, title)) {
    alike.set(body, [...(alike.get(body) ?? []), name]);
  }
  return [...alike].map(([body, names]) => `### ${names.join(", ")}\n\n${body}`).join("\n\n");
}

/** Every code of the table, grouped by kind. */
export function codeReference(): string {
  const rows: readonly (readonly [string, CodeRow])[] = Object.entries(codes);
  return Object.entries(kinds)
    .flatMap(([kind, about]) => [
      `## ${kind.charAt(0).toUpperCase()}${kind.slice(1)}`,
      about,
      ...rows.filter(([, row]) => row.kind === kind).map(([code, row]) => codeSection(code, row)),
    ])
    .join("\n\n");
}

function codeSection(code: string, { about, hint, message, severity }: CodeRow): string {
  const said = [`> ${words(message)}`, ...(hint === "{advice}" ? [] : [`> ${words(hint)}`])];
  const warning = severity === "warning" ? " (warning)" : "";
  return [`### ${code}${warning}`, said.join("\\\n"), about].join("\n\n");
}

/** `{name}` in a template stands for something; a reader knows it as *name*. */
function words(template: string): string {
  return template.replace(/`([^`]*)`|\{(\w+)\}/g, (whole, quoted?: string, name?: string) => {
    if (name !== undefined) {
      return `*${name}*`;
    }
    return quoted === undefined ? whole : `\`${quoted.replace(/\{(\w+)\}/g, "$1")}\``;
  });
}

interface Section {
  readonly title: string;
  readonly body: string;
}

function sections(shape: Shape, title: string): readonly Section[] {
  switch (shape.kind) {
    case "object":
      return [
        ...(shape.keys.length === 0 && Object.keys(shape.later).length === 0
          ? []
          : [table(shape, title)]),
        ...shape.keys.flatMap((key) => sections(key.shape, below(title, key.name))),
      ];
    case "map":
      return sections(shape.value, `${title}.NAME`);
    case "list":
      return sections(shape.item, `${title}[]`);
    case "either":
      return shape.options.flatMap((option) => sections(option, title));
    default:
      return [];
  }
}

function table(shape: Extract<Shape, { kind: "object" }>, title: string): Section {
  const later = Object.entries(shape.later).map(([name, meaning]) => `\`${name}\` (${meaning})`);
  const rows = shape.keys.map((key) => row(key));
  const body = [
    ...(rows.length === 0
      ? ["Has no keys yet: write `{}`."]
      : [["| key | value | default | meaning |", "|---|---|---|---|", ...rows].join("\n")]),
    ...(later.length === 0 ? [] : [`Reserved, and refused for now: ${later.join(", ")}.`]),
  ].join("\n\n");
  return { title: title === "" ? "The file" : `\`${title}\``, body };
}

function row(key: KeyShape): string {
  const standard =
    key.standard === undefined
      ? key.required
        ? "required"
        : ""
      : /^[\w{[]/.test(key.standard) && !key.standard.startsWith("the ")
        ? `\`${key.standard}\``
        : key.standard;
  const cells = [
    `\`${key.name}\``,
    valueWords(key.shape),
    standard,
    `${key.about} Example: \`${key.name}: ${key.example}\``,
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function valueWords(shape: Shape): string {
  switch (shape.kind) {
    case "object":
      return "mapping";
    case "map":
      return `${valueWords(shape.value)} by ${shape.key}`;
    case "list":
      return `list of ${valueWords(shape.item)}`;
    case "text":
    case "scalar":
      return shape.words;
    case "word":
      return `\`${shape.word}\``;
    case "number":
      return `whole number, ${shape.min} to ${shape.max}`;
    case "decimal":
      return `number, ${shape.min} to ${shape.max.toLocaleString("en")}, at most ${shape.places} decimals`;
    case "flag":
      return "`true` or `false`";
    case "nothing":
      return "nothing";
    case "either":
      return shape.options.map(valueWords).join(", or ");
  }
}

function below(title: string, name: string): string {
  return title === "" ? name : `${title}.${name}`;
}
