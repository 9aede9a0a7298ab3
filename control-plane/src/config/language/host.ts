// The form of the name of a host.

/** RFC 1123, section 2.1. Its last part has a letter, or it is an IP address. */
export const hostForm =
  "(?=.{1,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)*[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

/** A whole text that is the name of a host. */
export const hostPattern = new RegExp(`^${hostForm}$`);
