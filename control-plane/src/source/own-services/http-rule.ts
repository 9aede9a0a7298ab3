// The REST path of a method of an agent's own, from its `google.api.http` option.

import type { DescMethod } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { httpRuleOf } from "./http-option.ts";
import type { Trusted } from "./trusted.ts";

/** The verbs under an agent's name that are the contract's. */
const contractVerbs: ReadonlySet<string> = new Set(["invoke", "stream", "converse"]);

/** The path of the method's REST calls, none where it has none; or a sentence that says what is wrong. */
export function restPathOf(
  method: DescMethod,
  agent: string,
  { types }: Trusted,
): { readonly path?: string } | string {
  const rule = httpRuleOf(method, types);
  if (rule === undefined) return {};
  const { post: path, body, selector: _, ...others } = rule;
  const [other] = Object.keys(others);
  if (other !== undefined) {
    return `its http rule has \`${other}\`; an agent's own methods are called by \`post\` with \`body: "*"\`, and nothing more`;
  }
  if (typeof path !== "string") return 'its http rule has no `post`; write `post: "…" body: "*"`';
  if (body !== "*") return 'the `body` of its http rule must be "*"';
  if (method.proto.clientStreaming) {
    return "its caller sends many messages, which only gRPC can; remove its http rule";
  }
  return problemOf(path, agent) ?? { path };
}

/** A message of `google.api.HttpRule`, under the number of the option. */
export function httpOption(path: string): {
  readonly no: number;
  readonly wireType: WireType;
  readonly data: Uint8Array;
} {
  const rule = new BinaryWriter();
  rule.tag(postField, WireType.LengthDelimited).string(path);
  rule.tag(bodyField, WireType.LengthDelimited).string("*");
  const data = new BinaryWriter().bytes(rule.finish()).finish();
  return { no: httpField, wireType: WireType.LengthDelimited, data };
}

/** `google/api/annotations.proto` and `http.proto`. */
const httpField = 72_295_728;
const postField = 4;
const bodyField = 7;

function problemOf(path: string, agent: string): string | undefined {
  const own = `/v1/agents/${agent}`;
  const rest = path.startsWith(own) ? path.slice(own.length) : "";
  if (path.length > 500 || !ownRest.test(rest)) {
    return `its path ${JSON.stringify(path.slice(0, 200))} must be \`${own}:verb\` or begin with \`${own}/\`, of letters, digits, dashes, dots and underscores, without variables`;
  }
  if (contractVerbs.has(rest.slice(1)) && rest.startsWith(":")) {
    return `its path ${path} is the contract's; take another verb`;
  }
  return undefined;
}

const ownRest = /^(\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*(:[A-Za-z][A-Za-z0-9_-]*)?$(?<=.)/;
