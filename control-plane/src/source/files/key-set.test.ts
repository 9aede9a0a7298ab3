import { generateKeyPairSync, type JsonWebKey } from "node:crypto";
import { expect } from "chai";
import { readKeySet } from "./key-set.ts";

const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const small = generateKeyPairSync("rsa", { modulusLength: 1024 });

const es256 = { ...ec.publicKey.export({ format: "jwk" }), kid: "one", alg: "ES256", use: "sig" };
const rs256 = { ...rsa.publicKey.export({ format: "jwk" }), kid: "two" };

describe("the key set of an issuer", () => {
  const read = (...keys: readonly JsonWebKey[]) => readKeySet(JSON.stringify({ keys }));
  const refused = (problem: string) => ({ kind: "refused", problem });

  it("is kept with its public keys, and nothing else that stood there", () => {
    const found = read({ ...es256, x5c: ["MII"], note: "hello" }, rs256);
    if (found.kind !== "keys") return expect.fail(found.problem);
    const { keys } = JSON.parse(found.keys);
    expect(keys).to.deep.equal([es256, rs256]);
  });

  it("is kept without keys for encryption, of unknown kinds, too short, or broken", () => {
    const found = read(
      { ...rs256, use: "enc" },
      { ...rs256, alg: "RSA-OAEP" },
      { kty: "new", kid: "x" },
      { ...es256, alg: "ES384" },
      { ...es256, y: "AAAA" },
      { ...small.publicKey.export({ format: "jwk" }) },
      { ...rs256, key_ops: ["encrypt"] },
      es256,
    );
    expect(found).to.deep.equal({ kind: "keys", keys: JSON.stringify({ keys: [sorted(es256)] }) });
  });

  it("is refused where a key in it signs", () => {
    expect(read(es256, ec.privateKey.export({ format: "jwk" }))).to.deep.equal(refused("secret"));
    expect(read({ kty: "oct", k: "c2VjcmV0" })).to.deep.equal(refused("secret"));
  });

  it("is refused where no key is of use, or it is none", () => {
    expect(read()).to.deep.equal(refused("no-key"));
    expect(read({ ...rs256, use: "enc" })).to.deep.equal(refused("no-key"));
    for (const text of ["", "{", "[]", "null", '{"keys":{}}', '{"keys":["a"]}']) {
      expect(readKeySet(text), text).to.deep.equal(refused("not-a-set"));
    }
  });
});

/** As the kept set has its members. */
function sorted({ kty = "", kid, use, alg, crv = "", x = "", y = "" }: typeof es256): JsonWebKey {
  return { kty, kid, use, alg, crv, x, y };
}
