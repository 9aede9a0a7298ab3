// The doors of a mesh, each of which takes a question and hears the whole answer.
import type { ServiceError } from "@grpc/grpc-js";
import { agentPb } from "@smartcall/protos";
import { clientFor, metadataOf, saying } from "../harness/grpc.ts";
import { reasonOf } from "../harness/grpc-reason.ts";
import { listAt, valueAt } from "../harness/json.ts";
import type { Mesh } from "../harness/mesh.ts";
import { asking, openRest } from "../harness/rest.ts";
import { isLast, openSocket, turnOf } from "../harness/socket.ts";
import { type Heard, type HeardEvent, heardJson, heardProto, reasonIn } from "./heard.ts";

/** What is asked, and of whom. */
export interface Question {
  readonly agent: string;
  readonly text: string;
  /** How long its caller waits, in milliseconds; undefined: as long as the route says. */
  readonly timeoutMs: number | undefined;
}

type Door = (mesh: Mesh, token: string, question: Question) => Promise<Heard>;

/** By their names. */
export const doors: Readonly<Record<string, Door>> = {
  "REST and server-sent events": hearEvents,
  gRPC: hearStream,
  "a conversation by gRPC": hearConversation,
  WebSocket: hearSocket,
};

async function hearEvents(mesh: Mesh, token: string, question: Question): Promise<Heard> {
  const { agent, text, timeoutMs } = question;
  const response = await openRest(mesh, {
    path: `/v1/agents/${agent}:stream`,
    token,
    body: asking(text),
    headers: timeoutMs === undefined ? {} : { "x-request-timeout-ms": `${timeoutMs}` },
  });
  let body = "";
  let cut = false;
  response.setEncoding("utf8");
  try {
    for await (const chunk of response) body += String(chunk);
  } catch {
    cut = true;
  }
  if (response.statusCode !== 200) {
    return { events: [], end: { refused: reasonIn(listAt(JSON.parse(body), "error", "details")) } };
  }
  const blocks = body.split("\n\n");
  if (blocks.pop() !== "" && !cut) throw new Error(`the last event is not whole: ${body}`);
  return {
    events: blocks.map((block) => heardJson(JSON.parse(block.replace(/^data: /, "")))),
    end: cut ? "cut" : "well",
  };
}

/** What both kinds of calls that stream by gRPC are read as. */
interface Answers {
  on(event: "data", listener: (event: unknown) => void): unknown;
  on(event: "error", listener: (error: ServiceError) => void): unknown;
  on(event: "end", listener: () => void): unknown;
}

async function hearStream(mesh: Mesh, token: string, question: Question): Promise<Heard> {
  const { agent, text, timeoutMs } = question;
  const client = clientFor(mesh);
  const call = client.stream(saying(text), metadataOf({ agent, token }), deadlineIn(timeoutMs));
  const heard = await hearAll(call);
  client.close();
  return heard;
}

async function hearConversation(mesh: Mesh, token: string, question: Question): Promise<Heard> {
  const { agent, text, timeoutMs } = question;
  const client = clientFor(mesh);
  const call = client.converse(metadataOf({ agent, token }), deadlineIn(timeoutMs));
  const turn = new agentPb.ConverseRequest();
  turn.setTurn(saying(text));
  call.write(turn);
  call.end();
  const heard = await hearAll(call);
  client.close();
  return heard;
}

function hearAll(call: Answers): Promise<Heard> {
  const events: HeardEvent[] = [];
  return new Promise((resolve) => {
    call.on("data", (event) => events.push(heardProto(event)));
    call.on("end", () => resolve({ events, end: "well" }));
    call.on("error", (error) => {
      const refused = reasonOf(error) ?? "";
      resolve({ events, end: events.length === 0 ? { refused } : "cut" });
    });
  });
}

function deadlineIn(timeoutMs: number | undefined): { readonly deadline?: number } {
  return timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
}

async function hearSocket(mesh: Mesh, token: string, question: Question): Promise<Heard> {
  const { agent, text, timeoutMs } = question;
  const socket = await openSocket(mesh, { agent, token });
  socket.send(turnOf("one", text, timeoutMs === undefined ? {} : { timeoutMs }));
  const last = await socket.awaits(isLast("one"));
  // Whatever came after it was sent before the answer to this.
  socket.send({ type: "ping" });
  await socket.awaits(({ type }) => type === "pong");
  socket.close();
  const events = socket.events("one").map(heardJson);
  if (valueAt(last, "type") !== "refused") return { events, end: "well" };
  return { events, end: { refused: reasonIn(listAt(last, "error", "details")) } };
}
