// One Envoy resource as a message, with its name and where it comes from.

import type { Origin } from "../source/origin.ts";

/** A resource before it becomes bytes. */
export interface Described<Message> {
  readonly name: string;
  readonly message: Message;
  /** Where an operator wrote what it came from. */
  readonly origin?: Origin | undefined;
  /** The same for each of its parts, in their order: the routes of a route table. */
  readonly parts?: readonly (Origin | undefined)[];
}
