// `smartcall.v1.DirectoryService` on the port of nodes: what gateways ask for their callers.

import type {
  Server,
  ServerUnaryCall,
  ServerWritableStream,
  ServiceError,
  sendUnaryData,
} from "@grpc/grpc-js";
import { contractRules, directoryService, httpBodyPb, validate } from "@smartcall/protos";
import type { JoinedBy } from "../state/index.ts";
import type { Refusal } from "../translate/index.ts";
import { askingBy, isRefusal, refusal } from "./asking-gateway.ts";
import { describeAgent } from "./describe-agent.ts";
import { type KnownAgent, seenBy } from "./known-agents.ts";
import { listAgents } from "./list-agents.ts";
import { type PageFile, pageFile } from "./page/page-files.ts";
import type { Reader } from "./reader.ts";

/** What the directory is answered from. */
export interface DirectoryOptions {
  /** Who the asking node proves to be by its metadata value `authorization`. */
  readonly joinedBy: JoinedBy;
  /** The agents at present, sorted by name. */
  readonly agents: () => readonly KnownAgent[];
  /** The OpenAPI document of these, as JSON. */
  readonly document: (seen: readonly KnownAgent[]) => string;
}

/** Adds the service to a server. */
export function serveDirectory(server: Server, options: DirectoryOptions): void {
  const { agents, document, joinedBy } = options;
  server.addService(directoryService, {
    listAgents: once(joinedBy, "ListAgentsRequest", (request, reader) =>
      listAgents(seenBy(agents(), reader), {
        pageSize: request.getPageSize(),
        pageToken: request.getPageToken(),
      }),
    ),
    getAgent: once(joinedBy, "GetAgentRequest", (request, reader) => {
      const known = agents().filter(({ agent }) => agent.name === request.getAgent());
      const [seen] = seenBy(known, reader);
      return seen === undefined ? refusal(unknownAgent) : describeAgent(seen);
    }),
    getOpenApi: inParts(joinedBy, (_, reader) => ({
      type: "application/json",
      bytes: Buffer.from(document(seenBy(agents(), reader))),
    })),
    getDocs: inParts(joinedBy, (request: { getFile(): string }) => {
      const found = pageFile(request.getFile());
      return found ?? refusal(notBuilt);
    }),
  });
}

/** The bytes of one part: more would have to be held whole on the way. */
const partBytes = 64 * 1024;

const { rulesOf, typeOf } = contractRules();

function once<Request extends { serializeBinary(): Uint8Array }, Response>(
  joinedBy: JoinedBy,
  type: string,
  answer: (request: Request, reader: Reader) => Response | ServiceError,
) {
  const checked = (request: Request, reader: Reader): Response | ServiceError => {
    const [wrong] = validate(typeOf(`smartcall.v1.${type}`), request.serializeBinary(), rulesOf);
    return wrong === undefined
      ? answer(request, reader)
      : refusal({ reason: "INVALID_REQUEST", message: `${wrong.path} ${wrong.problem}.` });
  };
  return (call: ServerUnaryCall<Request, Response>, reply: sendUnaryData<Response>): void => {
    const asking = askingBy(joinedBy, call.metadata, call.getPeer());
    const answered = isRefusal(asking) ? asking : checked(call.request, asking.reader);
    if (isRefusal(answered)) reply(answered);
    else reply(null, answered);
  };
}

function inParts<Request>(
  joinedBy: JoinedBy,
  answer: (request: Request, reader: Reader) => PageFile | ServiceError,
) {
  return (call: ServerWritableStream<Request, httpBodyPb.HttpBody>): void => {
    const asking = askingBy(joinedBy, call.metadata, call.getPeer());
    const answered = isRefusal(asking) ? asking : answer(call.request, asking.reader);
    if (isRefusal(answered)) {
      call.emit("error", answered);
      return;
    }
    for (let at = 0; at < answered.bytes.length; at += partBytes) {
      const part = new httpBodyPb.HttpBody();
      if (at === 0) part.setContentType(answered.type);
      part.setData(answered.bytes.subarray(at, at + partBytes));
      call.write(part);
    }
    call.end();
  };
}

/** For the same reason as a call to it is refused. */
const unknownAgent: Refusal = {
  reason: "UNKNOWN_AGENT",
  message: "There is no agent of this name that the caller may call.",
};

const notBuilt: Refusal = {
  reason: "UNKNOWN_PATH",
  message: "This file of the page was not built: run `make build`.",
};
