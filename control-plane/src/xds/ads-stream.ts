// One gRPC stream around the pure protocol: messages in, messages out, and its end.

import { status } from "@grpc/grpc-js";
import { countAgainst } from "@smartcall/runtime";
import { resourceTypes, typeOf } from "../snapshot/compare.ts";
import type { ResourceType } from "../snapshot/snapshot.ts";
import type { View } from "../snapshot/view.ts";
import type { NodeProof } from "../state/index.ts";
import type { Refused } from "./admission.ts";
import type { Dialect } from "./dialect.ts";
import type { RefusedResource, StreamEvent } from "./event.ts";
import type { LeftBehind } from "./left-behind.ts";
import type { Refusals } from "./refusals.ts";
import type { Node } from "./request.ts";
import { excessIn, requestRate } from "./request-bounds.ts";
import { sidecarOf } from "./sidecar-of.ts";
import {
  type Effect,
  forgiven,
  onRequest,
  onView,
  openStream,
  type StreamState,
  type Turn,
} from "./stream.ts";
import { eventOf } from "./stream-event.ts";
import { refusedNames } from "./subscription.ts";

/** What a stream needs of the gRPC call that it is. */
export interface AdsCall<Asked, Told> {
  on(event: "data", listener: (message: Asked) => void): unknown;
  on(event: "drain" | "end" | "cancelled" | "error" | "close", listener: () => void): unknown;
  /** False where the client reads more slowly than it is written to. */
  write(message: Told): boolean;
  emit(event: "error", error: { readonly code: status; readonly details: string }): unknown;
  end(): unknown;
}

/** What a stream needs of the server around it. */
export interface Surroundings {
  readonly id: string;
  /** Which control plane answers. */
  readonly controlPlane: string;
  /** Who the node has proved to be. */
  readonly proof: NodeProof;
  /** What a node is to hold; undefined before the first snapshot. */
  viewFor(node: Node): View | undefined;
  /** Why the present view was published. */
  reason(): string;
  readonly refusals: Refusals;
  readonly leftBehind: LeftBehind;
  /** Why a node may not have this stream; undefined where it may. */
  refusal(node: Node | undefined): Refused | undefined;
  now(): number;
  observe(event: StreamEvent): void;
  /** The state has changed. */
  moved(stream: AdsStream): void;
  /** The stream is over; nothing more comes. */
  ended(stream: AdsStream): void;
}

/** One stream that is open. */
export interface AdsStream {
  readonly id: string;
  state(): StreamState;
  /** What the node refuses of a view, with its words where it has said them on this stream. */
  refusals(view: View): readonly RefusedPart[];
  /** Lets everything that the node has refused be sent again. */
  forgive(): void;
  /** Tells the node what has changed; while it reads nothing, only that it must be told later. */
  push(): void;
  /** Ends the stream with a gRPC status. */
  end(code: status, message: string): void;
}

/** A resource that a node refuses. */
export interface RefusedPart extends RefusedResource {
  readonly type: ResourceType;
  readonly version: string;
  /** The node's words, redacted; empty for what it refused on an earlier stream. */
  readonly message: string;
}

/** Serves one stream until it ends. */
export function serveStream<Asked, Told>(
  call: AdsCall<Asked, Told>,
  dialect: Dialect<Asked, Told>,
  around: Surroundings,
): AdsStream {
  const { id, observe } = around;
  const { variant } = dialect;
  let state: StreamState | undefined;
  const words = new Map<string, { readonly version: string; readonly message: string }>();
  const mayAsk = countAgainst(requestRate, () => around.now());
  let blocked = false;
  let over = false;
  let quiet: { readonly state: StreamState; readonly view: View | undefined } | undefined;

  const current = (): StreamState => state ?? openStream(id, { variant });
  const view = (node: Node | undefined): View | undefined =>
    blocked || node === undefined ? undefined : around.viewFor(node);

  const apply = ({ next, effects }: Turn, reason: string): void => {
    // Kept before anything is written, so that an answer can never overtake it.
    state = next;
    for (const effect of effects) perform(effect, reason);
    if (!over) around.moved(stream);
  };
  const perform = (effect: Effect, reason: string): void => {
    if (effect.kind === "close") stream.end(status.INVALID_ARGUMENT, effect.message);
    if (effect.kind === "send" && !over) {
      blocked = !call.write(dialect.write(effect.response, around.controlPlane)) || blocked;
    }
    const { node } = current();
    const at = { at: around.now(), stream: id };
    const served = { node: node?.id ?? "", view: node && around.viewFor(node) };
    const event = eventOf(at, effect, reason, served);
    if (event !== undefined) observe(event);
    if (event?.kind === "nacked" && effect.kind === "nacked") {
      // Words about several resources at once would be laid to the charge of good ones.
      const [[name, version] = ["", ""], ...others] = effect.response.versions;
      const { message } = event.refusal;
      if (others.length === 0) words.set(`${effect.type} ${name}`, { version, message });
    }
    if (node !== undefined && (effect.kind === "nacked" || effect.kind === "acked")) {
      // An answer for one type may lift what was refused of another.
      for (const type of resourceTypes) {
        // A port that is another's may be free when its sidecar comes again.
        if (type === "listener" && sidecarOf(node) !== undefined) continue;
        around.refusals.note(node, type, current().types[type].refused);
      }
    }
  };
  const finish = (reason: string): void => {
    if (over) return;
    over = true;
    around.leftBehind.note(current());
    observe({ kind: "closed", reason, at: around.now(), stream: id });
    around.ended(stream);
  };
  const stream: AdsStream = {
    id,
    state: current,
    refusals: (held) =>
      resourceTypes.flatMap((type) => {
        const resources = held.snapshot[type];
        return refusedNames(current().types[type], resources).flatMap((name) => {
          const { version = "", origin } = resources.get(name) ?? {};
          const said = words.get(`${type} ${name}`);
          const message = said?.version === version ? said.message : "";
          return [{ type, name, version, origin, message }];
        });
      }),
    forgive: () => {
      words.clear();
      if (state !== undefined) state = forgiven(state);
    },
    push: () => {
      if (over || blocked) return;
      const before = current();
      const held = view(before.node);
      // Most changes of a mesh are none for a sidecar.
      if (quiet?.state === before && quiet.view === held) {
        around.moved(stream);
        return;
      }
      const turn = onView(before, held);
      quiet = turn.next === before ? { state: before, view: held } : undefined;
      apply(turn, around.reason());
    },
    end: (code, message) => {
      if (over) return;
      finish(message);
      call.emit("error", { code, details: message });
    },
  };

  observe({ kind: "opened", variant, proof: around.proof, at: around.now(), stream: id });
  call.on("data", (message: Asked) => {
    if (over) return;
    if (!mayAsk()) {
      stream.end(status.RESOURCE_EXHAUSTED, tooMany);
      return;
    }
    const from = dialect.node(message);
    const refusal = state?.node === undefined ? around.refusal(from) : undefined;
    if (refusal !== undefined) {
      stream.end(refusal.code, refusal.message);
      return;
    }
    state ??= openStream(id, {
      variant,
      refused: around.refusals.of(from),
      left: around.leftBehind.of(from),
    });
    const held = view(state.node ?? from);
    const request = dialect.read(message, state, held);
    if (request === undefined) return;
    const type = typeOf(request.typeUrl);
    const excess = excessIn(request, type === undefined ? 0 : state.types[type].names.size);
    if (excess !== undefined) {
      stream.end(status.RESOURCE_EXHAUSTED, excess);
      return;
    }
    const asks = request.subscribe.length > 0 || request.unsubscribe.length > 0;
    const reason = asks || request.nonce === "" ? "request" : around.reason();
    apply(onRequest(state, request, held), reason);
  });
  call.on("drain", () => {
    blocked = false;
    stream.push();
  });
  call.on("end", () => {
    finish("the client ended it");
    call.end();
  });
  call.on("cancelled", () => finish("the client is gone"));
  call.on("error", () => finish("the connection broke"));
  call.on("close", () => finish("the connection is closed"));
  return stream;
}

const tooMany = "Too many requests on one xDS stream; connect again, and ask less.";
