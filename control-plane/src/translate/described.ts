// One Envoy resource as a message, with its name and where it comes from.

import type { Origin } from "../source/origin.ts";

/** A resource before it becomes bytes. */
export interface Described<Message> {
  readonly name: string;
  readonly message: Message;
  /** All that the message is made of, where that is known: the same content is the same message. */
  readonly content?: string;
  /** Where an operator wrote what it came from. */
  readonly origin?: Origin | undefined;
  /** The same for each of its parts, in their order: the routes of a route table. */
  readonly parts?: readonly (Origin | undefined)[];
  /** The clusters that it names, where its maker knows: each once. No other resource is named. */
  readonly leadsTo?: readonly string[];
}

/**
 * A resource of which there are thousands, nearly all of them as they were: its
 * message is made each time that it is asked for, and need not be asked for.
 */
export function madeOf<Message>(
  resource: Pick<Described<Message>, "name" | "origin" | "leadsTo">,
  content: unknown,
  make: () => Message,
): Described<Message> {
  const { leadsTo, name, origin } = resource;
  return {
    name,
    origin,
    ...(leadsTo && { leadsTo }),
    content: JSON.stringify([name, content]),
    get message() {
      return make();
    },
  };
}
