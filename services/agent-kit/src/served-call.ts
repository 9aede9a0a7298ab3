// The call that an agent's code is given.

import type { Log } from "@smartcall/runtime";
import { type Ask, type Call, lastUserText } from "./call.ts";
import type { CallTree } from "./calls/call-tree.ts";
import type { Caller, Host } from "./host.ts";
import type { Stop } from "./stop.ts";

/** What is made for one call alone. */
export interface OwnParts {
  readonly id: string;
  readonly stop: Stop;
  readonly tree: CallTree;
  readonly log: () => Log;
}

/** Its signal and its log are made only where the agent looks at them. */
export function servedCall(host: Host, ask: Ask, caller: Caller, own: OwnParts): Call {
  return new ServedCall(host, ask, caller, own);
}

/** Accessors of a class cost nothing; those of an object that is written out, more than the call. */
class ServedCall implements Call {
  declare readonly temperature?: number;
  declare readonly maxTokens?: number;
  declare readonly topP?: number;
  declare readonly seed?: number;
  declare readonly model?: string;
  declare readonly from?: string;
  declare readonly caller?: NonNullable<Call["caller"]>;
  declare readonly certificateNames?: readonly string[];
  declare readonly grant?: number;
  declare readonly deadline?: Date;
  readonly messages: Call["messages"];
  readonly stop: readonly string[];
  readonly lastUserText: string;
  readonly id: string;
  readonly requestId: string;
  readonly traceId: string;
  readonly self: string;
  readonly agent: Call["agent"];
  readonly egress: Call["egress"];
  readonly #own: OwnParts;

  constructor({ agent }: Host, ask: Ask, caller: Caller, own: OwnParts) {
    this.messages = ask.messages;
    this.stop = ask.stop;
    this.lastUserText = lastUserText(ask.messages);
    this.id = own.id;
    this.requestId = caller.requestId;
    this.traceId = caller.traceId;
    this.self = agent.name;
    this.agent = own.tree.agent;
    this.egress = own.tree.egress;
    this.#own = own;
    if (ask.temperature !== undefined) this.temperature = ask.temperature;
    if (ask.maxTokens !== undefined) this.maxTokens = ask.maxTokens;
    if (ask.topP !== undefined) this.topP = ask.topP;
    if (ask.seed !== undefined) this.seed = ask.seed;
    if (ask.model !== undefined) this.model = ask.model;
    if (caller.from !== undefined) this.from = caller.from;
    if (caller.identity !== undefined) this.caller = caller.identity;
    if (caller.certificateNames !== undefined) this.certificateNames = caller.certificateNames;
    if (caller.grant !== undefined) this.grant = caller.grant;
    if (caller.deadline !== undefined) this.deadline = new Date(caller.deadline);
  }

  get signal(): AbortSignal {
    return this.#own.stop.signal;
  }

  get log(): Log {
    return this.#own.log();
  }
}
