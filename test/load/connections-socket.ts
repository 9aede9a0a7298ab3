// A WebSocket, that is opened once; each call is a turn of a conversation of its own.
import { createSecureContext } from "node:tls";
import { isObject, parseObject } from "@smartcall/runtime";
import { WebSocket } from "ws";
import { textAt } from "../harness/json.ts";
import { of, patienceMs, tlsTo } from "./connections-line.ts";
import type { LinesTo, OpenLine } from "./connections-types.ts";

/** Opens them; ready with their first frame. */
export function socketLines(to: LinesTo): OpenLine {
  const secureContext = createSecureContext({ ca: to.ca });
  return async (number) => {
    const socket = new WebSocket(`wss://localhost:${to.port}/v1/agents/${to.agent}:converse`, {
      headers: { authorization: `Bearer ${of(to.tokens, number)}` },
      perMessageDeflate: false,
      createConnection: () => tlsTo(to, secureContext, number, ["http/1.1"]),
    });
    const next = frames(socket);
    const { type } = await next((frame) => frame["type"] === "ready");
    if (type !== "ready") throw new Error("it did not begin with `ready`");
    return {
      call: async (ask) => {
        const message = { role: "user", content: ask };
        socket.send(JSON.stringify({ type: "turn", conversation: "c", message }));
        let said = "";
        await next((frame) => {
          if (frame["type"] === "refused") throw new Error(JSON.stringify(frame));
          const { event } = frame;
          if (!isObject(event)) return false;
          if ("error" in event) throw new Error(JSON.stringify(frame));
          if (isObject(event["delta"])) said += textAt(event, "delta", "content");
          return "done" in event;
        });
        socket.send(JSON.stringify({ type: "end", conversation: "c" }));
        if (said !== ask) throw new Error(`asked "${ask}" it said "${said}"`);
        return { status: 200 };
      },
      isOpen: () => socket.readyState === WebSocket.OPEN,
    };
  };
}

type Frame = Readonly<Record<string, unknown>>;

/** Resolves with the first frame that comes for which it holds; one waits at a time. */
function frames(socket: WebSocket): (holds: (frame: Frame) => boolean) => Promise<Frame> {
  let waiting: { look(frame: Frame): void; fail(error: Error): void } | undefined;
  let over: Error | undefined;
  const end = (error: Error): void => {
    over ??= error;
    waiting?.fail(error);
  };
  socket.on("message", (data) => waiting?.look(parseObject(String(data)) ?? {}));
  socket.on("error", end);
  socket.once("close", (code) => end(new Error(`it was closed: ${code}`)));
  return (holds) =>
    new Promise((resolve, reject) => {
      if (over !== undefined) {
        reject(over);
        return;
      }
      const settle = (how: () => void): void => {
        waiting = undefined;
        clearTimeout(late);
        how();
      };
      const fail = (error: Error): void => settle(() => reject(error));
      const late = setTimeout(() => fail(new Error("no answer came in time")), patienceMs);
      waiting = {
        fail,
        look: (frame) => {
          try {
            if (holds(frame)) settle(() => resolve(frame));
          } catch (error) {
            fail(error instanceof Error ? error : new Error(String(error)));
          }
        },
      };
    });
}
