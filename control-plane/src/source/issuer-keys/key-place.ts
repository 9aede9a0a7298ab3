// Where an issuer publishes its keys.

/** Where an issuer publishes its keys, and how far the control plane may go for them. */
export interface KeyPlace {
  /** The `iss` of its tokens. */
  readonly issuer: string;
  /** As the operator wrote it; `https`, without a name or password in it. */
  readonly url: string;
  /** Whether it may lead to this machine, or to a network that is not public. */
  readonly internal: boolean;
  /** PEM: the only authorities that its server may prove itself with; absent, the public ones. */
  readonly authorities?: string | undefined;
}

/** Whether both are the same in all that counts. */
export function samePlace(a: KeyPlace, b: KeyPlace): boolean {
  return (
    a.issuer === b.issuer &&
    a.url === b.url &&
    a.internal === b.internal &&
    a.authorities === b.authorities
  );
}
