// One call by REST that is answered once, and what makes its answer right.
import { check } from "k6";
import http, { type RefinedResponse, type ResponseType } from "k6/http";
import { token, url } from "./settings.ts";

/** The headers of a call by REST. */
export const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };

/** Calls an agent with one message of the user's. */
export function invoke(
  agent: string,
  content: string,
  tags: Record<string, string> = {},
): RefinedResponse<ResponseType | undefined> {
  const body = JSON.stringify({ messages: [{ role: "user", content }] });
  return http.post(`${url}/v1/agents/${agent}:invoke`, body, { headers, tags });
}

/** Calls the echo agent; the answer is to be whole, and what was asked. */
export function callEcho(content: string, tags: Record<string, string> = {}): void {
  check(
    invoke("echo", content, tags),
    {
      "is 200": ({ status }) => status === 200,
      "says what it was asked": (answer) => answer.json("message.content") === content,
      "is whole": (answer) => answer.json("finishReason") === "stop",
    },
    tags,
  );
}
