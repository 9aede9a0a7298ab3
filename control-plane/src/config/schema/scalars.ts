// The types of single values: texts, numbers, true and false.

import { isIP } from "node:net";
import { nodeNamePattern } from "../../source/node-name.ts";
import type { Origin } from "../../source/origin.ts";
import { problem, type Report } from "../problem.ts";
import { hidden } from "../yaml/looks-secret.ts";
import { found, quoted, reportWrongType } from "./found.ts";
import type { Type } from "./type.ts";

/** Any text but the empty one. `words` say what it is, `advice` how to write it. */
export function text(words: string, advice: string, form?: TextForm): Type<string> {
  const shape = { kind: "text", words } as const;
  return {
    shape: form?.pattern === undefined ? shape : { ...shape, pattern: form.pattern.source },
    read: (tree, what, report) => {
      if (tree.kind !== "scalar" || typeof tree.value !== "string") {
        const plain = tree.kind === "scalar" && tree.source !== "";
        const isMeant = plain && (form === undefined || form.fits(tree.source));
        const hint = isMeant ? `Put it into quotes: "${tree.source}".` : advice;
        reportWrongType(tree, what, words, hint, report);
        return undefined;
      }
      if (tree.value === "") {
        report(problem("SC207", tree.at, { what, advice }));
        return undefined;
      }
      if (form !== undefined && !form.fits(tree.value)) {
        const value = quoted(tree.value).slice(1, -1);
        report(problem("SC208", tree.at, { value, expected: words, advice }));
        return undefined;
      }
      return tree.value;
    },
  };
}

/** A form that a text must have. */
export interface TextForm {
  readonly pattern?: RegExp;
  readonly fits: (text: string) => boolean;
}

/** A text that stands for something; `parse` finds nothing in one that has the wrong form. */
export function parsed<T>(
  words: string,
  advice: string,
  parse: (text: string) => T | undefined,
  pattern?: RegExp,
): Type<T> {
  const fits = (value: string): boolean => parse(value) !== undefined;
  const form = pattern === undefined ? { fits } : { fits, pattern };
  const { read, shape } = text(words, advice, form);
  return {
    shape,
    read: (tree, what, report) => {
      const value = read(tree, what, report);
      return value === undefined ? undefined : parse(value);
    },
  };
}

/** A whole number with its bounds, both included. */
export function wholeNumber(min: number, max: number): Type<number> {
  return {
    shape: { kind: "number", min, max },
    read: (tree, what, report) => {
      const value = tree.kind === "scalar" ? tree.value : undefined;
      if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) {
        return value;
      }
      const shown = tree.kind === "scalar" && typeof value === "number" ? tree.source : found(tree);
      report(
        problem("SC205", tree.at, { what, min: grouped(min), max: grouped(max), value: shown }),
      );
      return undefined;
    },
  };
}

function grouped(number: number): string {
  return number < 100_000 ? String(number) : number.toLocaleString("en");
}

/** `true` or `false`. */
export const flag: Type<boolean> = {
  shape: { kind: "flag" },
  read: (tree, what, report) => {
    if (tree.kind === "scalar" && typeof tree.value === "boolean") {
      return tree.value;
    }
    const word = tree.kind === "scalar" ? tree.source.toLowerCase() : "";
    const meant = truths.has(word) ? "true" : lies.has(word) ? "false" : undefined;
    const advice = meant === undefined ? "Write `true` or `false`." : `Write \`${meant}\`.`;
    reportWrongType(tree, what, "`true` or `false`", advice, report);
    return undefined;
  },
};

/** Nothing at all: a key with no value. */
export const nothing: Type<undefined> = {
  shape: { kind: "nothing" },
  read: () => undefined,
};

/** A text that can be a header's value: neither control characters nor spaces around it. */
export function line(advice: string): Type<string> {
  const words = "one line of text without spaces around it";
  const fits = (value: string): boolean => !/\p{Cc}/u.test(value) && value.trim() === value;
  const { read } = text(words, advice, { fits });
  return { shape: { kind: "text", words: "a text" }, read };
}

/** A name: a DNS label (RFC 1123). `of` says of what, such as "an agent". */
export function name(of: string): Type<string> {
  return {
    shape: { kind: "text", words: `the name of ${of}`, pattern: namePattern.source },
    read: (tree, what, report) => {
      const written = tree.kind === "scalar" && tree.value !== "" ? tree.value : undefined;
      if (tree.kind === "scalar" && typeof written === "string") {
        return checkName(written, of, tree.at, report) ? written : undefined;
      }
      const isMeant = tree.kind === "scalar" && namePattern.test(tree.source);
      const advice = isMeant
        ? `Put it into quotes: "${tree.source}".`
        : "Write a word, such as `demo-1`.";
      reportWrongType(tree, what, "a name", advice, report);
      return undefined;
    },
  };
}

/** The form of a name: all are as nodes are named. */
export const namePattern = nodeNamePattern;

/** Reports a text that cannot be a name. */
export function checkName(value: string, of: string, at: Origin, report: Report): boolean {
  if (namePattern.test(value)) {
    return true;
  }
  const better = (hidden(value) === value ? value : "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 63)
    .replace(/^-+|-+$/g, "");
  const advice = better === "" ? "" : `, such as \`${better}\``;
  report(problem("SC204", at, { value: quoted(value).slice(1, -1), what: of, advice }));
  return false;
}

/** A length of time, in milliseconds: from 1 ms to 24 hours. */
export const duration: Type<number> = {
  shape: { kind: "text", words: "a length of time", pattern: "^[0-9]+(ms|s|m|h)$" },
  read: (tree, what, report) => {
    const match = tree.kind === "scalar" ? /^(\d+)(ms|s|m|h)$/.exec(tree.source) : null;
    const milliseconds = Number(match?.[1]) * (units.get(match?.[2] ?? "") ?? Number.NaN);
    if (milliseconds >= 1 && milliseconds <= 24 * 3_600_000) {
      return milliseconds;
    }
    report(problem("SC206", tree.at, { what, found: found(tree) }));
    return undefined;
  },
};

/** A length of time as one would write it, such as `90s`; see `duration`. */
export function durationText(milliseconds: number): string {
  const [unit = "ms", length = 1] =
    [...units].findLast(([, each]) => milliseconds % each === 0) ?? [];
  return `${milliseconds / length}${unit}`;
}

/** An IP address to listen on. */
export const address: Type<string> = text(
  "an IP address",
  "Write `127.0.0.1` for this machine only, or `0.0.0.0` for every network that it is on.",
  { fits: (value) => isIP(value) !== 0 },
);

const units: ReadonlyMap<string, number> = new Map([
  ["ms", 1],
  ["s", 1000],
  ["m", 60_000],
  ["h", 3_600_000],
]);

const truths: ReadonlySet<string> = new Set(["yes", "on", "y", "1", "true"]);
const lies: ReadonlySet<string> = new Set(["no", "off", "n", "0", "false"]);
