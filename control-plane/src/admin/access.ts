// Who may see the operator's pages: whoever is on this machine, or bears a token for it.

import type { Request, RequestHandler, Response } from "express";
import { type CheckedToken, operatorScope } from "../state/index.ts";

/** How readers are told apart. */
export interface Access {
  /**
   * `machine`: the pages are on loopback, and a token is taken but not needed.
   * `network`: nothing is shown without one.
   */
  readonly from: "machine" | "network";
  /** Whether a token is one of this mesh and has the scope of operators. */
  check(token: string): CheckedToken;
}

/** The name of a reader on this machine who showed no token. */
export const localReader = "local";

/** Lets those on who may see the pages, and remembers who they are. */
export function admit({ from, check }: Access): RequestHandler {
  return (request, response, next) => {
    if (from === "machine" && !isLocal(request)) {
      const message = "The operator's pages answer only to localhost.";
      refuse(response, 403, "PERMISSION_DENIED", "NOT_LOCAL", message);
      return;
    }
    const { authorization } = request.headers;
    if (authorization === undefined && from === "machine") {
      readers.set(request, localReader);
      next();
      return;
    }
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
    const checked = token === undefined ? undefined : check(token);
    if (checked?.ok) {
      readers.set(request, checked.subject);
      next();
    } else if (checked?.kind === "scope") {
      // RFC 6750 section 3.1.
      const challenge = `Bearer error="insufficient_scope", scope="${operatorScope}"`;
      response.set("www-authenticate", challenge);
      const message = `The token of ${checked.subject} does not have the scope ${operatorScope}.`;
      refuse(response, 403, "PERMISSION_DENIED", "SCOPE_MISSING", message);
    } else {
      response.set("www-authenticate", "Bearer");
      const message =
        checked === undefined
          ? `These pages need \`authorization: Bearer TOKEN\`, with a token that has the scope ${operatorScope}.`
          : `The token is not accepted: ${checked.why}.`;
      refuse(response, 401, "UNAUTHENTICATED", "TOKEN_NOT_ACCEPTED", message);
    }
  };
}

/** Who asks for a page: the subject of the token that was shown, or `local`. */
export function readerOf(request: Request): string {
  return readers.get(request) ?? localReader;
}

/** Answers with an error, in the form that callers know from the edge. */
export function refuse(
  response: Response,
  code: number,
  status: string,
  reason: string,
  message: string,
): void {
  const info = {
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    reason,
    domain: "smartcall",
  };
  response.status(code).json({ error: { code, status, message, details: [info] } });
}

const readers = new WeakMap<Request, string>();

/**
 * A page in a browser can make its own name resolve to loopback and so read from
 * here; it cannot forge the name in `host`. Nor can it change anything without
 * saying in `origin` where it is from.
 */
function isLocal(request: Request): boolean {
  const name = request.hostname;
  const named = name === "localhost" || name === "[::1]" || /^127(\.\d+){3}$/.test(name);
  const harmless = request.method === "GET" || request.method === "HEAD";
  return named && (harmless || request.headers.origin === undefined);
}
