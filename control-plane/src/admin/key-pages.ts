// The pages by which operators make keys, list them, take them back, and rotate those that sign.

import { type Request, type Response, Router } from "express";
import { nodeNamePattern } from "../source/node-name.ts";
import type { KeyOrder } from "../source/own-tokens/index.ts";
import { joinKinds, type Outcome, signingAlgorithms } from "../state/index.ts";
import { readerOf, refuse } from "./access.ts";
import { jsonBody } from "./json-body.ts";
import type { JoinOrder, KeyOffice } from "./key-office.ts";

/**
 * `GET /keys`, `POST /keys`, `POST /keys/rotate`, `POST /joins`, `POST /revocations` and
 * `POST /revocations/restore`.
 *
 * @param office undefined while nothing is served
 */
export function keyPages(office: () => KeyOffice | undefined): Router {
  const router = Router();
  const page =
    (act: (office: KeyOffice, request: Request, response: Response) => Promise<void>) =>
    async (request: Request, response: Response): Promise<void> => {
      const open = office();
      // The answer to a new key is a secret.
      response.set("cache-control", "no-store");
      if (open !== undefined) return act(open, request, response);
      refuse(response, 503, "UNAVAILABLE", "NOT_READY", "No mesh is served yet.");
    };
  router.get(
    "/keys",
    page(async ({ list }, _, response) => {
      response.json(list());
    }),
  );
  router.post(
    "/keys",
    jsonBody(),
    page(async ({ create }, request, response) => {
      const order = orderIn(request.body);
      if (order === undefined) {
        wrong(response, '{"subject":"billing","scopes":["agents:invoke"],"lifetimeMs":86400000}');
      } else {
        answer(response, await create(order, readerOf(request)));
      }
    }),
  );
  router.post(
    "/joins",
    jsonBody(),
    page(async ({ join }, request, response) => {
      const order = joinIn(request.body);
      if (order === undefined) {
        wrong(response, '{"kind":"gateway","name":"g2","lifetimeMs":2592000000}');
      } else {
        answer(response, await join(order, readerOf(request)));
      }
    }),
  );
  router.post(
    "/keys/rotate",
    jsonBody(),
    page(async ({ rotate }, request, response) => {
      const { algorithm } = fieldsOf(request.body);
      const known = signingAlgorithms.find((each) => each === algorithm);
      if (algorithm !== undefined && known === undefined) {
        wrong(response, `{"algorithm":"${signingAlgorithms.join('"} or {"algorithm":"')}"}`);
      } else {
        answer(response, await rotate(known, readerOf(request)));
      }
    }),
  );
  router.post(
    "/revocations",
    jsonBody(),
    page(async (open, request, response) => {
      const { id, subject } = fieldsOf(request.body);
      const who = readerOf(request);
      if (isName(id) && subject === undefined) {
        response.json(await open.revokeToken(id, who));
      } else if (isName(subject) && id === undefined) {
        response.json(await open.revokeSubject(subject, who));
      } else {
        wrong(response, '{"id":"…"} or {"subject":"…"}');
      }
    }),
  );
  router.post(
    "/revocations/restore",
    jsonBody(),
    page(async ({ restoreSubject }, request, response) => {
      const { subject } = fieldsOf(request.body);
      if (isName(subject)) response.json(await restoreSubject(subject, readerOf(request)));
      else wrong(response, '{"subject":"…"}');
    }),
  );
  return router;
}

function answer(response: Response, outcome: Outcome<object>): void {
  if (outcome.ok) {
    response.json(outcome.value);
  } else if (outcome.problem.kind === "refused") {
    refuse(response, 400, "INVALID_ARGUMENT", "INVALID_REQUEST", outcome.problem.message);
  } else {
    refuse(response, 500, "INTERNAL", "NOT_KEPT", outcome.problem.message);
  }
}

function wrong(response: Response, example: string): void {
  refuse(response, 400, "INVALID_ARGUMENT", "INVALID_REQUEST", `Send ${example}.`);
}

function fieldsOf(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === "object" && body !== null ? { ...body } : {};
}

/** What a header can hold, and no more of it than fits into one. */
function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= 1_024;
}

function joinIn(body: unknown): JoinOrder | undefined {
  const { kind: wanted, name, lifetimeMs } = fieldsOf(body);
  const kind = joinKinds.find((each) => each === wanted);
  const isLabel = typeof name === "string" && nodeNamePattern.test(name);
  return kind !== undefined && isLabel && typeof lifetimeMs === "number"
    ? { kind, name, lifetimeMs }
    : undefined;
}

function orderIn(body: unknown): KeyOrder | undefined {
  const { subject, scopes, lifetimeMs, claims } = fieldsOf(body);
  if (!isName(subject) || typeof lifetimeMs !== "number" || !Array.isArray(scopes))
    return undefined;
  const texts = scopes.filter((scope) => typeof scope === "string");
  if (texts.length !== scopes.length || texts.length > 100) return undefined;
  if (claims === undefined) return { subject, scopes: texts, lifetimeMs };
  const isMap = typeof claims === "object" && claims !== null && !Array.isArray(claims);
  return isMap ? { subject, scopes: texts, lifetimeMs, claims: { ...claims } } : undefined;
}
