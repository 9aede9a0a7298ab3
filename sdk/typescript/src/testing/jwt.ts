// Tokens that say when they expire, and prove nothing.

/** One that expires then, in milliseconds since 1970; `about` tells those of one time apart. */
export function jwt(expires: number, about: unknown = ""): string {
  const claims = { exp: expires / 1_000, iss: "test", sub: "ann", about, text: "grüß?>" };
  return ["e30", Buffer.from(JSON.stringify(claims)).toString("base64url"), "x"].join(".");
}
