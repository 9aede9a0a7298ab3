// A call at an agent that may be full: answered rightly, or refused as one that may come again.
import { check } from "k6";
import { Counter } from "k6/metrics";
import { invoke } from "./invoke.ts";

const answered = new Counter("answered");
const shed = new Counter("shed");

/** Calls an agent that says what it is told. Every answer is to be that, or 503 with `retry-after`. */
export function callOrShed(agent: string, content: string): void {
  const response = invoke(agent, content);
  if (response.status === 200) answered.add(1);
  if (response.status === 503) shed.add(1);
  const after = response.headers["Retry-After"];
  check(response, {
    "is answered, or refused with 503 and retry-after": ({ status }) =>
      status === 200
        ? response.json("message.content") === content && response.json("finishReason") === "stop"
        : status === 503 && Number(after) >= 1,
  });
}
