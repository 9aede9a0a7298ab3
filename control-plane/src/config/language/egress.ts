// `egress`: hosts outside the mesh that agents may call, and the keys that they are called with.

import { isIP, isIPv6 } from "node:net";
import { canonicalIpv6 } from "../../source/addresses/address.ts";
import type { EgressConfig, KeySourceConfig } from "../egress-config.ts";
import { type Located, listOf, located, mapped } from "../schema/collections.ts";
import { reportWrongType } from "../schema/found.ts";
import { object, optional, required } from "../schema/object.ts";
import { name, parsed, text, wholeNumber } from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";
import { agentNames } from "./agent-names.ts";
import { callTimeout } from "./call-timeout.ts";
import { fileReference, withoutInline } from "./file-reference.ts";
import { hostPattern } from "./host.ts";

/** Where a key goes if the file does not say. */
export const standardHeader = "authorization";

const host: Type<string> = parsed(
  "the name of a host, or an IP address",
  "Write the name alone, such as `api.example.com`; its port goes to `port`.",
  (value) =>
    hostPattern.test(value)
      ? value.toLowerCase()
      : isIPv6(value)
        ? canonicalIpv6(value) || undefined
        : isIP(value) === 0
          ? undefined
          : value,
);

const variablePattern = /^[A-Za-z_][A-Za-z0-9_]*$/;

const keyAdvice = "Write `{ env: NAME }` or `{ file: PATH }`.";

const key: Type<KeySourceConfig> = withoutInline(
  object<Omit<KeySourceConfig, "at" | "flawed">>(
    "`key`",
    {
      env: optional(
        located(
          text("the name of an environment variable", "Write a name, such as `OPENAI_API_KEY`.", {
            pattern: variablePattern,
            fits: (value) => variablePattern.test(value),
          }),
        ),
        {
          about: "The variable of the control plane's environment that holds the key.",
          example: "OPENAI_API_KEY",
        },
        () => undefined,
      ),
      file: optional(
        located(text("a path", "Write the path of a file, such as `keys/openai`.")),
        {
          about:
            "The file that holds the key and nothing else. Its path is taken from the folder of the file that names it, and it is read again when it changes.",
          example: "keys/openai",
        },
        () => undefined,
      ),
    },
    { advice: keyAdvice },
  ),
);

const headerAdvice = "Write the name of a header, such as `x-api-key`.";

const header: Type<Located<string>> = located(
  parsed("the name of a header that a key can be sent in", headerAdvice, (value) => {
    const lower = value.toLowerCase();
    return headerPattern.test(lower) && !reserved.test(lower) ? lower : undefined;
  }),
);

/** RFC 9110, section 5.1, without what no key is sent in. */
const headerPattern = /^[a-z0-9_-]{1,100}$/;

/** They say how a call is carried, or belong to Envoy or the mesh. */
const reserved =
  /^(connection|content-.*|expect|host|te|trailer|transfer-encoding|upgrade|smartcall-.*|x-envoy-.*)$/;

const prefixAdvice = 'Write what stands before the key in its header, such as `"Bearer "`.';

/** Visible ASCII. */
const prefixPattern = /^[ -~]{0,100}$/;

/** May be empty, and end with a space. */
const prefix: Type<Located<string>> = {
  shape: { kind: "text", words: "a text", pattern: prefixPattern.source },
  read: (tree, what, report) => {
    const value = tree.kind === "scalar" ? tree.value : undefined;
    if (typeof value === "string" && prefixPattern.test(value)) {
      return { value, at: tree.at };
    }
    reportWrongType(tree, what, "a text of visible characters and spaces", prefixAdvice, report);
    return undefined;
  },
};

const one: Type<EgressConfig> = object<Omit<EgressConfig, "at" | "flawed">>("an egress", {
  name: required(
    name("an egress"),
    { about: "What agents and messages call it.", example: "openai" },
    () => "(unnamed)",
  ),
  host: required(
    host,
    {
      about:
        "The host, by its name or its IP address. It is always spoken to by TLS, and its certificate must have this name.",
      example: "api.openai.com",
    },
    () => "",
  ),
  port: optional(
    wholeNumber(1, 65_535),
    { about: "The port.", example: "443", standard: "443" },
    () => 443,
  ),
  ca: optional(
    fileReference,
    {
      about: "The authorities, in PEM form, whose certificates the host may have.",
      example: "{ file: tls/ca.pem }",
      standard: "the public ones that the machines of the agents know",
    },
    () => undefined,
  ),
  key: optional(
    key,
    {
      about:
        "Where the key is that the host is called with. The sidecars of the agents put it in; no agent ever has it.",
      example: "{ env: OPENAI_API_KEY }",
    },
    () => undefined,
  ),
  header: optional(
    header,
    {
      about: "The header that the key goes to.",
      example: "x-api-key",
      standard: standardHeader,
    },
    () => undefined,
  ),
  prefix: optional(
    prefix,
    {
      about: "What stands before the key in its header.",
      example: '"Bearer "',
      standard: 'the text `"Bearer "` in the header `authorization`, nothing in others',
    },
    () => undefined,
  ),
  agents: optional(
    agentNames("Name the agents that may call it, or remove `agents`: then all may."),
    { about: "The agents that may call it.", example: "[assistant]", standard: "the whole mesh" },
    () => undefined,
  ),
  timeout: callTimeout,
});

/** `egress`. */
export const egress: Type<readonly EgressConfig[]> = mapped(
  listOf(one, {
    item: "an egress",
    advice: "Begin each host with a dash, such as `- { name: openai, host: api.openai.com }`.",
  }),
  (found) => found.map(({ value }) => value),
);
