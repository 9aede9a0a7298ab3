// The contract's rules, read from its descriptors: what each field and message must be.

import {
  createFileRegistry,
  type DescExtension,
  type DescField,
  type DescMessage,
  type FileRegistry,
  fromBinary,
  getOption,
  hasOption,
  type JsonObject,
  type JsonValue,
  type Message,
  toJson,
} from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { descriptorSet } from "../descriptor-set.ts";

/** What one field must be. Absent: no such bound. */
export interface FieldRules {
  readonly required: boolean;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly allowed?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly printable: boolean;
}

/** What one message must be. */
export interface MessageRules {
  readonly type: DescMessage;
  /** Only the fields that have a rule, or whose messages do. */
  readonly fields: readonly { readonly field: DescField; readonly rules: FieldRules }[];
  /** Of these fields exactly one must be set; empty: any. */
  readonly exactlyOneOf: readonly DescField[];
}

/** The rules of a message type, and of those within it. */
export type RulesOf = (type: DescMessage) => MessageRules;

/** The contract, linked, and its rules. */
export interface ContractRules {
  readonly registry: FileRegistry;
  readonly rulesOf: RulesOf;
  /** The message of that name. Throws where there is none: a bug. */
  typeOf(name: string): DescMessage;
}

/** Those of the committed descriptor set, which is read once in a process: that takes a while. */
export function contractRules(): ContractRules {
  read ??= readContract();
  return read;
}

let read: ContractRules | undefined;

function readContract(): ContractRules {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet()));
  const known = new Map<DescMessage, MessageRules>();
  const rulesOf: RulesOf = (type) => {
    const found = known.get(type) ?? readRules(registry, type);
    known.set(type, found);
    return found;
  };
  const typeOf = (name: string): DescMessage => {
    const type = registry.getMessage(name);
    if (type === undefined) throw new Error(`the contract has no message ${name}`);
    return type;
  };
  return { registry, rulesOf, typeOf };
}

function readRules(registry: FileRegistry, type: DescMessage): MessageRules {
  const { exactlyOneOf } = option(registry, type, "smartcall.v1.message_rules");
  const names = strings(exactlyOneOf);
  return {
    type,
    fields: type.fields
      .map((field) => ({ field, rules: fieldRules(registry, field) }))
      .filter(({ field, rules }) => bounds(rules) || within(registry, field, new Set([type]))),
    exactlyOneOf: type.fields.filter((field) => names.includes(field.name)),
  };
}

/** Whether any message inside the field's own has a rule. */
function within(registry: FileRegistry, field: DescField, seen: Set<DescMessage>): boolean {
  const type = field.message;
  if (type === undefined || seen.has(type)) return false;
  seen.add(type);
  return (
    Object.keys(option(registry, type, "smartcall.v1.message_rules")).length > 0 ||
    type.fields.some(
      (inner) => bounds(fieldRules(registry, inner)) || within(registry, inner, seen),
    )
  );
}

function bounds(rules: FieldRules): boolean {
  return rules.required || rules.printable || Object.keys(rules).length > 2;
}

function fieldRules(registry: FileRegistry, field: DescField): FieldRules {
  const { maxLength, maxItems, allowed, min, max, printable } = option(
    registry,
    field,
    "smartcall.v1.rules",
  );
  return {
    required: isRequired(registry, field),
    printable: printable === true,
    ...(typeof maxLength === "number" && { maxLength }),
    ...(typeof maxItems === "number" && { maxItems }),
    ...(typeof min === "number" && { min }),
    ...(typeof max === "number" && { max }),
    ...(allowed !== undefined && { allowed: strings(allowed) }),
  };
}

/** `google.api.field_behavior` holds REQUIRED. */
function isRequired(registry: FileRegistry, field: DescField): boolean {
  const behavior = extension(registry, "google.api.field_behavior");
  const required = behavior.enum?.values.find((value) => value.name === "REQUIRED")?.number;
  if (required === undefined || !hasOption(field, behavior)) return false;
  const values: unknown = getOption(field, behavior);
  return Array.isArray(values) && values.includes(required);
}

/** An option that is a message, as JSON; empty where it is not set. */
function option(registry: FileRegistry, on: DescField | DescMessage, name: string): JsonObject {
  const option = extension(registry, name);
  if (option.message === undefined || !hasOption(on, option)) return {};
  const value: unknown = getOption(on, option);
  const json = isMessage(value) ? toJson(option.message, value) : {};
  return isObject(json) ? json : {};
}

function extension(registry: FileRegistry, name: string): DescExtension {
  const found = registry.getExtension(name);
  if (found === undefined) throw new Error(`the contract has no option ${name}`);
  return found;
}

function isMessage(value: unknown): value is Message {
  return typeof value === "object" && value !== null && "$typeName" in value;
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function strings(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
