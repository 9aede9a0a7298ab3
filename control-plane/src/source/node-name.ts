// How agents and gateways are named.

/** A DNS label (RFC 1123, section 2.1). */
export const nodeNamePattern = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
