// Talks by WebSocket, turn after turn, as a good client does: comes again when it is told to.
import type { JsonObject } from "@smartcall/runtime";
import { eventually } from "../harness/eventually.ts";
import { textAt, valueAt } from "../harness/json.ts";
import type { Mesh } from "../harness/mesh.ts";
import { isLast, openSocket, type TestSocket, turnOf } from "../harness/socket.ts";

/** What became of the talks. */
export interface TalksResult {
  /** Turns that were answered whole. */
  readonly turns: number;
  /** Sockets that were opened because another was told to go. */
  readonly moved: number;
  /** A sentence for each turn that began and was not answered whole. */
  readonly broken: readonly string[];
}

/** Talks that go on. */
export interface Talks {
  readonly turns: () => number;
  readonly moved: () => number;
  stop(): Promise<TalksResult>;
}

type Place = Pick<Mesh, "url" | "ca">;

const asked = { text: "4 every 60", answer: "1 2 3 4 " };

/**
 * Begins so many, each by a socket of its own, with the agent `ticker`.
 *
 * @param place where a socket is opened, looked at each time
 */
export function startTalks(place: () => Place, count: number, token: string): Talks {
  const broken: string[] = [];
  let turns = 0;
  let moved = 0;
  let stopped = false;

  /** Talks by one socket until it is told to go. */
  const talk = async (caller: TestSocket): Promise<void> => {
    const draining = (): boolean => caller.frames.some(({ type }) => type === "draining");
    const gone = caller.closed.then(({ code, reason }) => `closed: ${code} ${reason}`);
    for (let turn = 1; !stopped && !draining(); turn += 1) {
      const name = `c${turn}`;
      caller.send(turnOf(name, asked.text));
      const first = await Promise.race([gone, caller.awaits(isLast(name))]);
      // Its last event comes before the close.
      const ended = caller.frames.find(isLast(name)) ?? first;
      const events = caller.events(name);
      const wrong = wrongIn(ended, events);
      if (wrong !== undefined) broken.push(`${new Date().toISOString()} ${wrong}`);
      else if (events.length > 0) turns += 1;
      if (typeof first === "string") return;
      caller.send({ type: "end", conversation: name });
    }
    if (stopped) caller.close();
    await gone;
  };
  const lane = async (): Promise<void> => {
    for (let sockets = 0; !stopped; sockets += 1) {
      if (sockets > 0) moved += 1;
      await talk(await eventually(() => openSocket(place(), { agent: "ticker", token })));
    }
  };

  const lanes = Array.from({ length: count }, () =>
    lane().catch((error: unknown) => void broken.push(String(error))),
  );
  return {
    turns: () => turns,
    moved: () => moved,
    stop: async () => {
      stopped = true;
      await Promise.all(lanes);
      return { turns, moved, broken };
    },
  };
}

/** What is wrong with a turn that begun; one that a socket took no more is asked again. */
function wrongIn(ended: JsonObject | string, events: readonly JsonObject[]): string | undefined {
  if (typeof ended === "string") {
    return events.length === 0 && ended.includes("1001")
      ? undefined
      : `${ended}, after ${events.length} events`;
  }
  if (events.length === 0) {
    const reason = textAt(ended, "error", "details", 0, "reason");
    return reason === "GATEWAY_ENDING" ? undefined : `refused: ${JSON.stringify(ended)}`;
  }
  const text = events.map((event) => textAt(event, "delta", "content")).join("");
  const inOrder = events.every(({ sequence }, index) => sequence === index + 1);
  const isDone = valueAt(events.at(-1), "done", "finishReason") === "stop";
  return text === asked.answer && inOrder && isDone ? undefined : JSON.stringify(events);
}
