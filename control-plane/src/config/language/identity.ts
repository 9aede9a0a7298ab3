// `identity`: other issuers whose tokens are taken.

import type { IssuerConfig, IssuerKeysConfig } from "../gateway-config.ts";
import { listOf, located, mapped } from "../schema/collections.ts";
import { noFlaws } from "../schema/flaws.ts";
import { object, optional, required } from "../schema/object.ts";
import { flag, text } from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";
import { distinct } from "./claim.ts";
import { fileReference } from "./file-reference.ts";

const urlAdvice =
  "Write the address of the key set, such as `https://login.example.com/jwks.json`.";

/** What is wrong with a URL itself is said where issuers are checked. */
const url = text("a URL", urlAdvice, {
  pattern: /^[A-Za-z][A-Za-z0-9+.-]*:\/\/\S+$/,
  fits: (value) => /^[A-Za-z][A-Za-z0-9+.-]*:\/\/\S+$/.test(value) && URL.canParse(value),
});

const keys = object<Omit<IssuerKeysConfig, "at" | "flawed">>(
  "`keys`",
  {
    url: optional(
      located(url),
      {
        about:
          "Where the issuer publishes its keys, a JSON Web Key Set. The control plane fetches it again and again; while it cannot, the last keys count.",
        example: "https://login.example.com/jwks.json",
      },
      () => undefined,
    ),
    ca: optional(
      fileReference,
      {
        about: "The authorities, in PEM form, that the server of `url` may prove itself with.",
        example: "{ file: tls/login.pem }",
        standard: "the publicly known ones",
      },
      () => undefined,
    ),
    internal: optional(
      located(flag),
      {
        about:
          "`true` lets `url` lead to an address that is not public: this machine, or a network of yours.",
        example: "true",
        standard: "false",
      },
      () => undefined,
    ),
    file: optional(
      located(text("a path", "Write the path of a file, such as `keys/login.json`.")),
      {
        about:
          "Instead of `url`: the path of a file with the key set, taken from the folder of the file that names it. It is read again when it changes.",
        example: "keys/login.json",
      },
      () => undefined,
    ),
  },
  {
    advice: "Write `{ url: URL }` or `{ file: PATH }`.",
    elsewhere: { jwks: "Write `{ url: URL }` or `{ file: PATH }`." },
  },
);

const audienceAdvice = "Write a list, such as `[smartcall]`.";

const issuer: Type<IssuerConfig> = object<Omit<IssuerConfig, "at" | "flawed">>(
  "an issuer",
  {
    issuer: required(
      located(
        text("a text", "Write the `iss` of its tokens, such as `https://login.example.com`."),
      ),
      {
        about: "The `iss` of its tokens, exactly.",
        example: "https://login.example.com",
      },
      (at) => ({ value: "", at }),
    ),
    audiences: required(
      mapped(
        listOf(text("a text", audienceAdvice), {
          item: "an audience",
          advice: audienceAdvice,
          ifEmpty:
            "Name what the `aud` of its tokens may be; without it, tokens made for others would be taken.",
        }),
        distinct,
      ),
      {
        about: "What tokens are made for: `aud` must be one of these, or hold one.",
        example: "[smartcall]",
      },
      () => [],
    ),
    keys: required(
      keys,
      {
        about: "Where its public keys are.",
        example: "{ url: https://login.example.com/jwks.json }",
      },
      (at): IssuerKeysConfig => ({
        url: undefined,
        ca: undefined,
        internal: undefined,
        file: undefined,
        flawed: noFlaws,
        at,
      }),
    ),
  },
  {
    elsewhere: {
      audience: "Write `audiences: [NAME]`.",
      jwks: "Write `keys: { url: URL }`.",
      secret: "Only issuers that sign with a private key are taken; write `keys: { url: URL }`.",
    },
  },
);

/** `identity`. */
export const identity: Type<readonly IssuerConfig[]> = mapped(
  listOf(issuer, {
    item: "an issuer",
    advice: "Begin each issuer with a dash, such as `- issuer: https://login.example.com`.",
  }),
  (found) => found.map(({ value }) => value),
);
