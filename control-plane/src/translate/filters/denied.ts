// Who may call no more: tokens and callers that were revoked, and calls with more than one token.

import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import { ActionSchema, RBAC_Action } from "@smartcall/envoy/api/envoy/config/rbac/v3/rbac_pb.js";
import { RBACSchema } from "@smartcall/envoy/api/envoy/extensions/filters/http/rbac/v3/rbac_pb.js";
import { HttpRequestHeaderMatchInputSchema } from "@smartcall/envoy/api/envoy/type/matcher/v3/http_inputs_pb.js";
import type {
  Matcher_MatcherList_PredicateSchema,
  Matcher_OnMatchSchema,
  MatcherSchema,
} from "@smartcall/envoy/api/xds/type/matcher/v3/matcher_pb.js";
import type { StringMatcherSchema } from "@smartcall/envoy/api/xds/type/matcher/v3/string_pb.js";
import type { Denied } from "../../model/issuer.ts";
import { any } from "../message.ts";
import { names } from "../names.ts";

/** What the filter calls its refusals; answers are chosen by it. */
export const deniedPolicies = { revoked: "revoked", tokens: "several-tokens" } as const;

/**
 * Refuses them. The lists are hash tables in Envoy, so that ten thousand entries cost
 * a call nothing that can be measured; as principals of a policy they would cost
 * twenty times what the rest of the call does.
 */
export function denied(lists: Denied | undefined): Any {
  return known.get(lists ?? none) ?? made(lists ?? none);
}

const none: Denied = { tokens: [], subjects: [] };

/** The lists seldom change, and the rest of the mesh often does. */
const known = new WeakMap<Denied, Any>();

function made(lists: Denied): Any {
  const bySubject = listed(names.subjectHeader, lists.subjects, end(allow));
  const byToken = listed(names.tokenIdHeader, lists.tokens, bySubject);
  const message = any(RBACSchema, {
    matcher: {
      matcherType: {
        case: "matcherList",
        value: { matchers: [{ predicate: severalTokens, onMatch: end(refuse.tokens) }] },
      },
      onNoMatch: byToken,
    },
    rulesStatPrefix: "denied_",
  });
  known.set(lists, message);
  return message;
}

type OnMatch = MessageInitShape<typeof Matcher_OnMatchSchema>;
type Predicate = MessageInitShape<typeof Matcher_MatcherList_PredicateSchema>;

/** Refuses where the header is one of the texts; otherwise the next decides. */
function listed(header: string, texts: readonly string[], next: OnMatch): OnMatch {
  // Envoy takes no empty table.
  if (texts.length === 0) return next;
  const map = Object.fromEntries(texts.map((text) => [text, end(refuse.revoked)]));
  const value: MessageInitShape<typeof MatcherSchema> = {
    matcherType: {
      case: "matcherTree",
      value: { input: inputOf(header), treeType: { case: "exactMatchMap", value: { map } } },
    },
    onNoMatch: next,
  };
  return { onMatch: { case: "matcher", value } };
}

function inputOf(headerName: string) {
  const typedConfig = any(HttpRequestHeaderMatchInputSchema, { headerName });
  return { name: headerName, typedConfig };
}

function end(action: Any): OnMatch {
  return { onMatch: { case: "action", value: { name: "action", typedConfig: action } } };
}

const allow = any(ActionSchema, { name: "allowed", action: RBAC_Action.ALLOW });

const refuse = {
  revoked: any(ActionSchema, { name: deniedPolicies.revoked, action: RBAC_Action.DENY }),
  tokens: any(ActionSchema, { name: deniedPolicies.tokens, action: RBAC_Action.DENY }),
} as const;

type Pattern = NonNullable<MessageInitShape<typeof StringMatcherSchema>["matchPattern"]>;

const comma: Pattern = { case: "contains", value: "," };
const anything: Pattern = {
  case: "safeRegex",
  value: { regex: ".*", engineType: { case: "googleRe2", value: {} } },
};

/**
 * Of two good tokens, each names its own caller; the headers made of them then hold
 * two names together, which no list holds. A header that came twice is one with a comma.
 */
const severalTokens: Predicate = anyOf(
  allOf(fits(names.apiKeyHeader, anything), fits("authorization", anything)),
  fits(names.apiKeyHeader, comma),
  fits("authorization", comma),
);

function fits(header: string, matchPattern: Pattern): Predicate {
  return {
    matchType: {
      case: "singlePredicate",
      value: {
        input: inputOf(header),
        matcher: { case: "valueMatch", value: { matchPattern } },
      },
    },
  };
}

function anyOf(...predicate: readonly Predicate[]): Predicate {
  return { matchType: { case: "orMatcher", value: { predicate: [...predicate] } } };
}

function allOf(...predicate: readonly Predicate[]): Predicate {
  return { matchType: { case: "andMatcher", value: { predicate: [...predicate] } } };
}
