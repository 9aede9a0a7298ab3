// Checks a message against the contract's rules, and says all that is wrong at once.

import { type DescMessage, fromBinary } from "@bufbuild/protobuf";
import { type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import type { Violation } from "./agent-error.ts";
import type { FieldRules, RulesOf } from "./contract-rules.ts";
import { scalarProblem } from "./scalar-problem.ts";

/** The most violations reported; they travel in a header. */
export const mostViolations = 20;

/** What is wrong with a message, in the order of its fields; empty where nothing is. */
export function validate(
  type: DescMessage,
  bytes: Uint8Array,
  rulesOf: RulesOf,
): readonly Violation[] {
  const found: Violation[] = [];
  checkMessage(reflect(type, fromBinary(type, bytes)), "", rulesOf, found);
  return found;
}

function checkMessage(
  message: ReflectMessage,
  path: string,
  rulesOf: RulesOf,
  found: Violation[],
): void {
  const rules = rulesOf(message.desc);
  const choices = rules.exactlyOneOf;
  if (choices.length > 0 && choices.filter((field) => message.isSet(field)).length !== 1) {
    const names = choices.map((field) => field.jsonName).join(", ");
    report(found, path, `must have exactly one of ${names}`);
  }
  for (const { field, rules: bounds } of rules.fields) {
    if (found.length >= mostViolations) return;
    const at = path === "" ? field.jsonName : `${path}.${field.jsonName}`;
    if (!message.isSet(field)) {
      if (bounds.required) report(found, at, "is required");
      continue;
    }
    if (field.fieldKind === "list") {
      const items = message.get(field);
      if (bounds.maxItems !== undefined && items.size > bounds.maxItems) {
        report(found, at, `must have at most ${bounds.maxItems} items`);
        continue;
      }
      let index = 0;
      for (const item of items) checkValue(item, `${at}[${index++}]`, bounds, rulesOf, found);
    } else {
      checkValue(message.get(field), at, bounds, rulesOf, found);
    }
  }
}

function checkValue(
  value: unknown,
  path: string,
  bounds: FieldRules,
  rulesOf: RulesOf,
  found: Violation[],
): void {
  if (isReflectMessage(value)) {
    checkMessage(value, path, rulesOf, found);
    return;
  }
  const problem = scalarProblem(value, bounds);
  if (problem !== undefined) report(found, path, problem);
}

function report(found: Violation[], path: string, problem: string): void {
  if (found.length < mostViolations) found.push({ path, problem });
}

function isReflectMessage(value: unknown): value is ReflectMessage {
  return typeof value === "object" && value !== null && "desc" in value && "isSet" in value;
}
