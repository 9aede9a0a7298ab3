// What gateways and agents prove themselves with, and the end of streams where it holds no more.

import { type Clock, steadyClock } from "@smartcall/runtime";
import {
  createJoinedBy,
  isWithdrawn,
  type JoinChecks,
  type JoinedBy,
  type NodeProof,
} from "../state/index.ts";
import { createDoor, type Door, openFilesLimit } from "../xds/index.ts";

/** A service whose streams end with what proved them. */
export interface Withdrawing {
  withdraw(isGone: (proof: NodeProof) => boolean): void;
}

/** The nodes of the mesh. */
export interface Nodes {
  /** What their ports are behind. */
  readonly door: Door;
  /** Who a node proves to be; its connection stays by it. */
  readonly joinedBy: JoinedBy;
  /** From now on these end the streams whose proof holds no more. */
  serve<S extends Withdrawing>(service: S): S;
  /** Something was revoked. */
  recheck(): void;
  close(): void;
}

/** How late a stream may end after its token has expired, in milliseconds. */
const expiryMs = 5_000;

/** Nodes that are checked with these. */
export function createNodes(checks: JoinChecks, clock: Clock): Nodes {
  const services: Withdrawing[] = [];
  const recheck = (): void => {
    for (const { withdraw } of services) withdraw((proof) => isWithdrawn(proof, checks));
  };
  let cancel = (): void => undefined;
  const wait = (): void => {
    cancel = clock.after(expiryMs, () => {
      recheck();
      wait();
    });
  };
  wait();
  const door = createDoor({
    joinedBy: createJoinedBy(checks),
    clock: steadyClock,
    openFiles: openFilesLimit(),
  });
  return {
    door,
    joinedBy: door.joinedBy,
    serve(service) {
      services.push(service);
      return service;
    },
    recheck,
    close: () => cancel(),
  };
}
