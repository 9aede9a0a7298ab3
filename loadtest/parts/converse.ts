// A conversation by WebSocket: opens a socket, asks turn after turn, and closes it.
import { check } from "k6";
import { Trend } from "k6/metrics";
import ws, { type Socket } from "k6/ws";
import { textAt, valueAt } from "../../test/harness/json.ts";
import { hear, nothingHeard } from "../../test/load/heard.ts";
import { token, url } from "./settings.ts";

const firstEvent = new Trend("first_event_by_websocket", true);
const ofAToken = new Trend("time_of_a_token_by_websocket", true);

/** Asks the agent `ticker` for as many tokens as each turn says; each answer is to be whole. */
export function converse(turns: readonly number[], paceMs: number): void {
  let open: Turn | undefined;
  let whole = 0;
  const next = (socket: Socket): void => {
    const tokens = turns[whole];
    if (tokens === undefined) socket.close();
    else open = begin(socket, tokens, paceMs);
  };
  const headers = { authorization: `Bearer ${token}` };
  const address = `${url.replace("https", "wss")}/v1/agents/ticker:converse`;
  const { status } = ws.connect(address, { headers }, (socket) => {
    socket.on("message", (text) => {
      const frame: unknown = JSON.parse(text);
      const type = textAt(frame, "type");
      if (type === "ready") next(socket);
      else if (type === "refused") {
        console.error(`by WebSocket: ${text}`);
        socket.close();
      } else if (type === "event" && open?.hears(valueAt(frame, "event")) === true) {
        whole += 1;
        next(socket);
      }
    });
    // Far longer than any turn: a socket that says nothing more is told, not waited for.
    socket.setTimeout(() => socket.close(), turns.length * 60_000);
  });
  check(undefined, {
    "by WebSocket is taken": () => status === 101,
    "by WebSocket has whole turns": () => whole === turns.length,
  });
}

interface Turn {
  /** Whether it has ended, whole, with this event. */
  hears(event: unknown): boolean;
}

function begin(socket: Socket, tokens: number, paceMs: number): Turn {
  const began = Date.now();
  const message = { role: "user", content: `${tokens} every ${paceMs}` };
  socket.send(JSON.stringify({ type: "turn", conversation: "c1", message }));
  let heard = nothingHeard;
  return {
    hears: (event) => {
      heard = hear(heard, event, Date.now() - began);
      if (heard.wrong !== undefined) {
        console.error(`by WebSocket: ${heard.wrong}`);
        socket.close();
      }
      if (!heard.whole || heard.pieces !== tokens) return false;
      firstEvent.add(heard.firstMs);
      ofAToken.add(heard.lastMs / tokens);
      return true;
    },
  };
}
