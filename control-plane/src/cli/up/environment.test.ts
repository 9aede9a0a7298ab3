// Who finds which secret in its environment.

import { settings } from "@smartcall/runtime";
import { expect } from "chai";
import { environmentOf, type SecretsFor, withoutSecrets } from "./environment.ts";
import type { Layout } from "./plans.ts";

describe("the environment of a mesh's processes", () => {
  const secrets = {
    OPENAI_API_KEY: "sk-1",
    REDIS_URL: "redis://me:secret@redis.example.com",
    SMARTCALL_TOKEN: "an operator's",
  };
  const keyVariables = new Set(["OPENAI_API_KEY"]);
  const address = (port: number) => ({ host: "127.0.0.1", port });
  const layout: Layout = {
    stateFolder: "/mesh/.smartcall",
    meshFile: "/mesh/mesh.yaml",
    controlPlane: address(18_000),
    admin: address(9_000),
    adminCertificate: undefined,
    envoyAdmin: address(9_901),
    quota: { kind: "socket", path: "/mesh/.smartcall/sockets/quota.sock" },
    drainSeconds: 600,
    zone: "",
    logLevel: "info",
    env: { ...secrets, PATH: "/bin" },
    keyVariables,
  };
  const secretsOf = (needed: SecretsFor): readonly string[] =>
    Object.keys(environmentOf(layout, needed)).filter((name) => Object.hasOwn(secrets, name));

  it("holds each secret only for the process that needs it", () => {
    expect(secretsOf("control plane")).to.deep.equal(["OPENAI_API_KEY"]);
    expect(secretsOf("quota")).to.deep.equal(["REDIS_URL"]);
    expect(secretsOf("nobody")).to.deep.equal([]);
  });

  it("lacks a key that the mesh has named meanwhile", () => {
    const named = new Set<string>();
    const later: Layout = { ...layout, keyVariables: named };
    expect(environmentOf(later, "nobody")).to.have.property("OPENAI_API_KEY");
    named.add("OPENAI_API_KEY");
    expect(environmentOf(later, "nobody")).to.not.have.property("OPENAI_API_KEY");
  });

  it("has all else, and the mesh's settings whatever it takes its keys from", () => {
    const odd = { ...layout, keyVariables: new Set([settings.meshFile.variable]) };
    expect(environmentOf(odd, "nobody")).to.include({
      PATH: "/bin",
      SMARTCALL_MESH: "/mesh/mesh.yaml",
      SMARTCALL_CONTROL_PLANE: "127.0.0.1:18000",
    });
    expect(withoutSecrets(layout.env, keyVariables)).to.deep.equal({ PATH: "/bin" });
  });
});
