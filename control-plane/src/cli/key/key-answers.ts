// What a control plane answers about keys, as far as the command line reads it.

import { Ajv, type ValidateFunction } from "ajv";

/** `POST /keys`. */
export interface CreatedAnswer {
  readonly token: string;
  readonly id: string;
  /** RFC 3339, as all times here. */
  readonly expires: string;
}

/** `POST /joins`. */
export interface JoinAnswer extends CreatedAnswer {
  /** Where nodes of other machines reach the control plane; absent where they do not. */
  readonly nodesAt?: string;
}

/** How far a change has come: the ids of gateways. */
export interface ReachedAnswer {
  readonly holds: readonly string[];
  readonly silent: readonly string[];
  readonly cutOff: readonly string[];
}

/** `POST /revocations` and `POST /revocations/restore`. */
export interface ChangedAnswer {
  readonly known: boolean;
  readonly gateways: ReachedAnswer;
  readonly notKept?: string;
}

/** A key that signs. */
export interface SigningAnswer {
  readonly kid: string;
  readonly algorithm: string;
  readonly created: string;
  /** `published`, `signs` or `verifies`. */
  readonly state: string;
}

/** `POST /keys/rotate`. */
export interface RotatedAnswer {
  readonly signing: readonly SigningAnswer[];
  readonly gateways: ReachedAnswer;
}

/** `GET /keys`. */
export interface KeysAnswer {
  readonly keys: readonly {
    readonly id: string;
    readonly subject: string;
    readonly scopes: readonly string[];
    readonly created: string;
    readonly expires: string;
    readonly revoked: boolean;
  }[];
  readonly revoked: {
    readonly tokens: readonly RevokedAnswer<"id">[];
    readonly subjects: readonly RevokedAnswer<"subject">[];
  };
  readonly signing: readonly SigningAnswer[];
  readonly issuers: readonly {
    readonly issuer: string;
    readonly url?: string;
    readonly file?: string;
    readonly keys: number;
    readonly taken?: string;
    readonly problem?: string;
  }[];
}

type RevokedAnswer<Name extends string> = { readonly at: string; readonly by: string } & {
  readonly [N in Name]: string;
};

const text = { type: "string" } as const;
const time = { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\dT" } as const;
const count = { type: "number" } as const;
const truth = { type: "boolean" } as const;
const listOf = (items: object) => ({ type: "array", items });
const object = (
  properties: Readonly<Record<string, object>>,
  optional: readonly string[] = [],
) => ({
  type: "object",
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  properties,
});
const reached = object({ holds: listOf(text), silent: listOf(text), cutOff: listOf(text) });
const signing = listOf(object({ kid: text, algorithm: text, created: time, state: text }));

const ajv = new Ajv();
const check = <T>(schema: object): ValidateFunction<T> => ajv.compile<T>(schema);

export const isCreatedAnswer = check<CreatedAnswer>(
  object({ token: text, id: text, expires: time }),
);
export const isJoinAnswer = check<JoinAnswer>(
  object({ token: text, id: text, expires: time, nodesAt: text }, ["nodesAt"]),
);
export const isChangedAnswer = check<ChangedAnswer>(
  object({ known: truth, gateways: reached, notKept: text }, ["notKept"]),
);
export const isRotatedAnswer = check<RotatedAnswer>(object({ signing, gateways: reached }));
export const isKeysAnswer = check<KeysAnswer>(
  object({
    keys: listOf(
      object({
        id: text,
        subject: text,
        scopes: listOf(text),
        created: time,
        expires: time,
        revoked: truth,
      }),
    ),
    revoked: object({
      tokens: listOf(object({ id: text, at: time, by: text })),
      subjects: listOf(object({ subject: text, at: time, by: text })),
    }),
    signing,
    issuers: listOf(
      object({ issuer: text, url: text, file: text, keys: count, taken: time, problem: text }, [
        "url",
        "file",
        "taken",
        "problem",
      ]),
    ),
  }),
);
