// `allow`: who may use a route.

import { parseNetwork } from "../../source/addresses/network.ts";
import type { AllowConfig, ClaimRule } from "../policy-config.ts";
import { problem } from "../problem.ts";
import { either, type Located, listOf, located, mapOf, mapped } from "../schema/collections.ts";
import { quoted } from "../schema/found.ts";
import { object, optional, required } from "../schema/object.ts";
import { flag, text } from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";
import { claimName, claimTexts } from "./claim.ts";
import { hostForm } from "./host.ts";

/** The scope that is needed where a route does not say who is allowed. */
export const standardScope = "agents:invoke";

/** RFC 6749, section 3.3: what a scope is made of. */
const scopePattern = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

const scopeAdvice = `Write a list, such as \`[${standardScope}]\`; a scope has no spaces.`;

const scopeList = setOf(
  text("a scope", scopeAdvice, {
    pattern: scopePattern,
    fits: (value) => scopePattern.test(value),
  }),
  { item: "a scope", advice: scopeAdvice },
);

/** A list of scopes. */
export const scopes: Type<readonly string[]> = {
  shape: scopeList.shape,
  read: (tree, what, report) => {
    const value = scopeList.read(tree, what, report);
    // Of one that names only what was refused it is not also said that it is empty.
    const isRefused = tree.kind === "sequence" && tree.items.length > 0 && value?.length === 0;
    return isRefused ? undefined : value;
  },
};

const claimAdvice =
  "Write one text, such as `gold`, a list, such as `[gold, silver]`, or `{ present: true }`.";

const isPresent = object<{ readonly present: true }>("a claim's rule", {
  present: required(
    onlyTrue(),
    { about: "The claim is there, whatever it says.", example: "true" },
    () => true,
  ),
});

const claimRule = either<ClaimRule>("a text, a list of texts or `{ present: true }`", claimAdvice, {
  ...claimTexts(claimAdvice),
  mapping: mapped(isPresent, (): ClaimRule => "present"),
});

const certificateAdvice =
  "Write a DNS name, such as `*.clients.internal`, or a URI, such as `spiffe://corp/batch`.";

/** RFC 3986: a scheme and what follows, with no star in it; or a host, with at most one label open. */
const certificatePattern = new RegExp(
  `^([a-z][a-z0-9+.-]*://[A-Za-z0-9._~:/?#@!$&'()+,;=%-]+|(\\*\\.)?${hostForm})$`,
);

const certificates = setOf(
  text("a name of a certificate", certificateAdvice, {
    pattern: certificatePattern,
    fits: (value) => certificatePattern.test(value),
  }),
  {
    item: "a name",
    advice: certificateAdvice,
    ifEmpty: "Name the certificates, or remove `certificates`.",
  },
);

const addressAdvice = "Write a range, such as `10.0.0.0/8` or `2001:db8::/32`, or one IP address.";

const range: Type<string> = {
  shape: { kind: "text", words: "a range of IP addresses" },
  read: (tree, what, report) => {
    const written = text("a range of IP addresses", addressAdvice, {
      fits: (value) => parseNetwork(value) !== undefined,
    }).read(tree, what, report);
    const read = written === undefined ? undefined : parseNetwork(written);
    if (written === undefined || read === undefined) return undefined;
    if (read.kind === "network") return read.cidr;
    const { address, network } = read;
    report(problem("SC211", tree.at, { value: quoted(written).slice(1, -1), network, address }));
    return undefined;
  },
};

const addresses = setOf(range, {
  item: "a range",
  advice: addressAdvice,
  ifEmpty: "Name the ranges, or remove `addresses`.",
});

/** `allow`: all that is set must fit. */
export const allow: Type<AllowConfig> = object<Omit<AllowConfig, "at" | "flawed">>(
  "`allow`",
  {
    scopes: optional(
      located(scopes),
      {
        about:
          "The scopes that the caller's token must have, every one of them. `[]`, beside `claims`, asks for none.",
        example: `[${standardScope}]`,
        standard: `the scope \`${standardScope}\`; none where \`certificates\` are asked for and no \`claims\`. \`addresses\` take no token's place`,
      },
      () => undefined,
    ),
    claims: optional(
      located(
        mapOf(
          claimName,
          claimRule,
          "Write claims as `NAME: VALUE` or `NAME: [VALUE, VALUE]`.",
          "Name a claim, or remove `claims`.",
        ),
      ),
      {
        about:
          "Claims that the token must have: one of the texts or, where the claim is a list, one of its values; `{ present: true }` takes any value.",
        example: "{ plan: [gold, silver], beta: { present: true } }",
      },
      () => undefined,
    ),
    certificates: optional(
      located(certificates),
      {
        about:
          "Names of which the caller's certificate must have one, as a URI or DNS name; `*.` at the beginning stands for one label. Needs `gateway.clients`.",
        example: '["spiffe://corp/batch", "*.clients.internal"]',
      },
      () => undefined,
    ),
    addresses: optional(
      addresses,
      {
        about: "Ranges of IP addresses, of which one must hold the caller's.",
        example: '[10.0.0.0/8, "2001:db8::/32"]',
      },
      () => undefined,
    ),
  },
  {
    elsewhere: {
      public: "Write `public: true` in the route, instead of `allow`.",
      subject: "Write `claims: { sub: NAME }`.",
      subjects: "Write `claims: { sub: [NAME, NAME] }`.",
    },
  },
);

function setOf(
  item: Type<string>,
  words: { readonly item: string; readonly advice: string; readonly ifEmpty?: string },
): Type<readonly string[]> {
  return mapped(listOf(item, words), (found: readonly Located<string>[]) =>
    [...new Set(found.map(({ value }) => value))].sort(),
  );
}

function onlyTrue(): Type<true> {
  return {
    shape: flag.shape,
    read: (tree, what, report) => {
      const value = flag.read(tree, what, report);
      if (value === false) {
        const advice = "Write `{ present: true }`; a claim cannot be asked to be absent.";
        report(problem("SC208", tree.at, { value: "false", expected: "`true`", advice }));
      }
      return value === true ? true : undefined;
    },
  };
}
