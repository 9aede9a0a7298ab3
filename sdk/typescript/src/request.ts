// One request to the gateway, and again where that does no harm.
import type { Call } from "./call.ts";
import type { CallScope } from "./call-scope.ts";
import { connectFailure } from "./connect-failure.ts";
import { broken, SmartCallError } from "./errors.ts";
import { type JsonObject, parseObject } from "./json.ts";
import { traceOf, type Wire } from "./options.ts";
import { readRefusal } from "./read-refusal.ts";
import { mayRepeat, retrying, type Tried } from "./retry.ts";

/** What is asked for. */
export interface Asked {
  readonly method: "GET" | "POST";
  /** From the gateway's url on. */
  readonly path: string;
  readonly body?: string;
  readonly accept: "application/json" | "text/event-stream";
}

/** An answer of the type that was asked for. */
export interface Got {
  readonly response: Response;
  readonly requestId: string;
}

/** Asks, until there is an answer with which `read` is content. Throws SmartCallError. */
export async function request<T>(
  wire: Wire,
  asked: Asked,
  { choice, scope }: Call,
  read: (got: Got) => Promise<T>,
): Promise<T> {
  const { headers, retries } = choice;
  const idempotent = choice.idempotent || asked.method === "GET";
  const trace = await scope.within(traceOf(wire, choice));
  const once = async (token: string | undefined): Promise<Tried<T>> => {
    const left = scope.leftMs();
    const all = new Headers({
      ...headers,
      ...trace,
      accept: asked.accept,
      ...(asked.body !== undefined && { "content-type": "application/json" }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(left !== undefined && { "x-request-timeout-ms": String(Math.max(1, Math.ceil(left))) }),
    });
    return await tryOnce(wire, asked, { headers: all, scope, idempotent }, read);
  };
  const withToken = withTokens(wire, { scope, idempotent }, once);
  return await retrying(withToken, { retries, scope, random: wire.random });
}

/**
 * The same with a token; where that is refused, once more with another. One that expired while
 * the agent had the call was no refusal.
 */
export function withTokens<T>(
  { tokens }: Wire,
  { idempotent, scope }: { readonly scope: CallScope; readonly idempotent: boolean },
  once: (token: string | undefined) => Promise<Tried<T>>,
): () => Promise<Tried<T>> {
  let isLast = false;
  return async () => {
    const token = await scope.within(tokens.current());
    const tried = await once(token);
    if (tried.ok || tried.error.status !== 401 || isLast) return tried;
    if (tried.error.reason === "TOKEN_EXPIRED" && !idempotent) return tried;
    isLast = true;
    const another = await scope.within(tokens.another(token));
    return another === undefined ? tried : await once(another);
  };
}

/** The object that an answer's body is. Throws SmartCallError. */
export async function jsonOf({ requestId, response }: Got): Promise<JsonObject> {
  const text = await response.text();
  return parseObject(text) ?? wrongAnswer("it is no JSON object", requestId, text);
}

/** An answer that is no refusal, and none of a mesh's. */
export function wrongAnswer(why: string, requestId: string, text: string, status = 200): never {
  throw new SmartCallError(
    `What answered is no gateway of a mesh: ${why}. It begins with: ${text.slice(0, 200)}`,
    { status, reason: "BAD_ANSWER", requestId },
  );
}

/** How one try is made. */
export interface TryOptions {
  readonly headers: Headers;
  readonly scope: CallScope;
  /** Whether it does no harm to do it twice. */
  readonly idempotent: boolean;
}

/** One try. */
export async function tryOnce<T>(
  wire: Wire,
  { body, method, path }: Asked,
  { headers, idempotent, scope }: TryOptions,
  read: (got: Got) => Promise<T>,
): Promise<Tried<T>> {
  const url = `${wire.url}${path}`;
  let requestId = "";
  let came = false;
  try {
    const { signal } = scope;
    const redirect = "manual";
    const init = {
      method,
      headers,
      signal,
      redirect,
      ...(body !== undefined && { body }),
    } as const;
    const response = await wire.fetch(url, init);
    came = true;
    requestId = response.headers.get("x-request-id") ?? "";
    if (response.ok) return { ok: true, value: await read({ response, requestId }) };
    const refused = { status: response.status, headers: response.headers };
    if (refused.status < 400) {
      // A browser hides the status of one that points elsewhere.
      const text = await response.text();
      wrongAnswer(
        `its status is ${refused.status || "a redirect"}`,
        requestId,
        text,
        refused.status,
      );
    }
    const error = readRefusal({ ...refused, body: await response.text() }, wire.clock.now());
    return { ok: false, error, again: mayRepeat(error, idempotent) };
  } catch (thrown) {
    const ended = scope.failure({ requestId });
    if (ended !== undefined) return { ok: false, error: ended, again: false };
    if (thrown instanceof SmartCallError) return { ok: false, error: thrown, again: false };
    if (came) {
      const error = broken("the connection was lost", { requestId, cause: thrown });
      return { ok: false, error, again: idempotent };
    }
    const { error, neverLeft } = connectFailure(thrown, url);
    return { ok: false, error, again: neverLeft || (idempotent && error.retryable) };
  }
}
