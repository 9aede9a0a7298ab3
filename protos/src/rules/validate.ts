// Checks a message against the contract's rules, and says all that is wrong at once.

import {
  type DescField,
  type DescMessage,
  fromBinary,
  isFieldSet,
  isMessage,
  type Message,
} from "@bufbuild/protobuf";
import type { FieldRules, RulesOf } from "./contract-rules.ts";
import { scalarProblem } from "./scalar-problem.ts";

/** One thing that is wrong with a message. */
export interface Violation {
  /** Where, as a JSON path such as `messages[0].role`; empty for the message itself. */
  readonly path: string;
  /** What it must be, as the end of a sentence. */
  readonly problem: string;
}

/** The most violations reported; they travel in a header. */
export const mostViolations = 20;

/** What is wrong with a message, in the order of its fields; empty where nothing is. */
export function validate(
  type: DescMessage,
  bytes: Uint8Array,
  rulesOf: RulesOf,
): readonly Violation[] {
  const found: Violation[] = [];
  checkMessage(type, fromBinary(type, bytes), "", rulesOf, found);
  return found;
}

function checkMessage(
  type: DescMessage,
  message: Message,
  path: string,
  rulesOf: RulesOf,
  found: Violation[],
): void {
  const rules = rulesOf(type);
  const choices = rules.exactlyOneOf;
  if (choices.length > 0 && choices.filter((field) => isFieldSet(message, field)).length !== 1) {
    const names = choices.map((field) => field.jsonName).join(", ");
    report(found, path, `must have exactly one of ${names}`);
  }
  for (const { field, rules: bounds } of rules.fields) {
    if (found.length >= mostViolations) return;
    const at = path === "" ? field.jsonName : `${path}.${field.jsonName}`;
    if (!isFieldSet(message, field)) {
      if (bounds.required) report(found, at, "is required");
      continue;
    }
    const value = valueIn(message, field);
    const { message: inner } = field;
    if (field.fieldKind !== "list") {
      checkValue(inner, value, at, bounds, rulesOf, found);
      continue;
    }
    const items: readonly unknown[] = Array.isArray(value) ? value : [];
    if (bounds.maxItems !== undefined && items.length > bounds.maxItems) {
      report(found, at, `must have at most ${bounds.maxItems} items`);
      continue;
    }
    let index = 0;
    for (const item of items) {
      checkValue(inner, item, `${at}[${index++}]`, bounds, rulesOf, found);
    }
  }
}

/** As the field's property has it: this is asked of every request, and reflection is slow. */
function valueIn(message: Message, field: DescField): unknown {
  const { oneof: choice } = field;
  if (choice === undefined) return Reflect.get(message, field.localName);
  const chosen: unknown = Reflect.get(message, choice.localName);
  return typeof chosen === "object" && chosen !== null && "value" in chosen
    ? chosen.value
    : undefined;
}

function checkValue(
  type: DescMessage | undefined,
  value: unknown,
  path: string,
  bounds: FieldRules,
  rulesOf: RulesOf,
  found: Violation[],
): void {
  if (type !== undefined && isMessage(value)) {
    checkMessage(type, value, path, rulesOf, found);
    return;
  }
  const problem = scalarProblem(value, bounds);
  if (problem !== undefined) report(found, path, problem);
}

function report(found: Violation[], path: string, problem: string): void {
  if (found.length < mostViolations) found.push({ path, problem });
}
