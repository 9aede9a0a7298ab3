// The steps of a mesh file on its way to the gateways, for a person to read.

import { printable } from "@smartcall/runtime";
import { type CommandEnd, done, ended } from "../exit-codes.ts";
import type { Terminal } from "../up/terminal.ts";
import type { StepAnswer } from "./answers.ts";
import { short } from "./table.ts";

/** Prints the step; what has to be put right is left to `endOf`. */
export function showStep(step: StepAnswer, screen: Terminal): void {
  const line = (word: string, about = ""): string =>
    `${word.padEnd(10)} ${printable(about)}`.trim();
  switch (step.step) {
    case "checked":
      screen.good(line("checked", step.hash && short(step.hash)));
      for (const warning of step.warnings ?? []) process.stderr.write(`\n${lines(warning)}\n\n`);
      break;
    case "staged":
      screen.good(line("staged", `${step.node ?? "one gateway"} takes it first`));
      break;
    case "acked":
      screen.good(line("taken", takers(step)));
      break;
    case "saved":
      screen.good(line("saved", step.hash && short(step.hash)));
      break;
    case "unchanged":
      screen.good(line("unchanged", "this is what is served already"));
      break;
    case "refused":
      screen.bad(line("refused", refuser(step)));
      break;
    default:
      screen.good(line(step.step));
  }
}

/** How the command ends at this step; undefined where more are to come. */
export function endOf(step: StepAnswer, json: boolean): CommandEnd | undefined {
  const { refusing = [], astray = [] } = step;
  if (step.step === "saved" && refusing.length > 0) {
    return json ? ended("failed") : ended("failed", ...(step.problems ?? []).map(lines));
  }
  if (step.step === "saved" || step.step === "unchanged") return done;
  if (step.step !== "refused") return undefined;
  if (json) return ended("failed");
  const { problems = [], at } = step;
  const envoy = step.envoy?.trim();
  const place = at && `${at.file}:${at.line}:${at.column}`;
  const told = (text: string | undefined): boolean =>
    text === undefined || problems.some((problem) => problem.includes(text));
  return ended(
    "failed",
    ...problems.map(lines),
    ...(told(place) ? [] : [`It comes from ${place}.`]),
    ...(told(envoy) ? [] : [`Envoy says: ${printable(envoy ?? "")}`]),
    ...(told("Every gateway has what it had") || astray.length > 0 ? [] : ["Nothing has changed."]),
  );
}

function takers({ nodes = [], silent = [], refusing = [] }: StepAnswer): string {
  const not = refusing.length === 0 ? "" : `, but not all of it by ${refusing.join(", ")}`;
  const late = silent.length === 0 ? not : `, and not yet by ${silent.join(", ")}${not}`;
  if (nodes.length > 0) return `by ${nodes.join(", ")}${late}`;
  if (refusing.length > 0) return `not wholly by ${refusing.join(", ")}`;
  return silent.length > 0
    ? `not yet by ${silent.join(", ")}`
    : "no gateway is connected: the next one is given it";
}

function refuser({ by, node }: StepAnswer): string {
  if (node !== undefined) return `by the gateway ${node}`;
  return by === "check" ? "by the checks" : "";
}

/** A text of several lines, in which nothing steers the terminal. */
function lines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}
