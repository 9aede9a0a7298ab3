// The small world behind TLS: a listener with a certificate (SDS) and a filter (ECDS) of their own.

import "reflect-metadata";
import { generateKeyPairSync, webcrypto } from "node:crypto";
import { request } from "node:https";
import { TLSSocket } from "node:tls";
import type { JsonValue } from "@bufbuild/protobuf";
import {
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import type { Resource, ResourceType, Snapshot } from "../snapshot/snapshot.ts";
import { resourceOf, snapshotOfWorld, type World } from "./envoy-sketch.test.ts";

/** What the small world behind TLS is made of. */
export interface SecureWorld extends World {
  /** The certificate's chain and key, as PEM. */
  readonly pair: Pair;
  /** The key set of the filter that looks at tokens, which lets all calls in. */
  readonly guard: JsonValue;
}

export interface Pair {
  readonly chain: string;
  readonly key: string;
}

/** One that Node takes, and Envoy does not. */
export const badPair: Pair = {
  chain: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
  key: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
};

const key = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" });

/** A filter that lets all calls in. */
export const goodGuard: JsonValue = guardOf(JSON.stringify({ keys: [key] }));
/** One whose set of keys is broken, as only Envoy finds. */
export const badGuard: JsonValue = guardOf("{");

/** A certificate of `localhost` for an hour, under a name of its own. */
export async function makePair(name: string): Promise<Pair> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
    keys,
    signingAlgorithm: algorithm,
    extensions: [new SubjectAlternativeNameExtension([{ type: "dns", value: "localhost" }])],
  });
  const key = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return { chain: certificate.toString("pem"), key: PemConverter.encode(key, "PRIVATE KEY") };
}

/** The snapshot of a small world behind TLS. */
export function snapshotOfSecureWorld(world: SecureWorld): Snapshot {
  const { chain, key } = world.pair;
  const made: Readonly<Partial<Record<ResourceType, Resource>>> = {
    listener: secureListener(world.listenOn),
    secret: resourceOf("secret", "cert", {
      name: "cert",
      tlsCertificate: {
        certificateChain: { inlineString: chain },
        privateKey: { inlineString: key },
      },
    }),
    extension: resourceOf("extension", "guard", { name: "guard", typedConfig: world.guard }),
  };
  const plain = snapshotOfWorld(world);
  const one = (type: ResourceType): ReadonlyMap<string, Resource> =>
    new Map(
      (world.instead?.[type] ?? [made[type]]).flatMap((each) => (each ? [[each.name, each]] : [])),
    );
  return {
    ...plain,
    listener: one("listener"),
    secret: one("secret"),
    extension: one("extension"),
  };
}

/** Calls over TLS: who answered with which certificate, such as `one as first`; or what went wrong. */
export function secureCall(port: number): Promise<string> {
  return new Promise((resolve) => {
    const options = { host: "127.0.0.1", port, path: "/", rejectUnauthorized: false, agent: false };
    const asked = request(options, (response) => {
      const { socket } = response;
      const name = socket instanceof TLSSocket ? socket.getPeerCertificate().subject.CN : "";
      let body = "";
      response.on("data", (chunk) => {
        body += String(chunk);
      });
      const { statusCode } = response;
      response.on("end", () => resolve(`${statusCode === 200 ? body : statusCode} as ${name}`));
    });
    asked.on("error", (error) => resolve(error.message));
    asked.end();
  });
}

function guardOf(inlineString: string): JsonValue {
  return {
    "@type": "type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication",
    providers: {
      known: { issuer: "i", localJwks: { inlineString } },
    },
    rules: [
      {
        match: { prefix: "/guarded" },
        requires: { providerName: "known" },
      },
    ],
  };
}

const ads = { ads: {}, resourceApiVersion: "V3", initialFetchTimeout: "0s" };

function secureListener(portValue: number): Resource {
  const type = (name: string): string => `type.googleapis.com/envoy.extensions.${name}`;
  return resourceOf("listener", "edge", {
    name: "edge",
    address: { socketAddress: { address: "127.0.0.1", portValue } },
    filterChains: [
      {
        transportSocket: {
          name: "tls",
          typedConfig: {
            "@type": type("transport_sockets.tls.v3.DownstreamTlsContext"),
            commonTlsContext: {
              tlsCertificateSdsSecretConfigs: [{ name: "cert", sdsConfig: ads }],
            },
          },
        },
        filters: [
          {
            name: "http",
            typedConfig: {
              "@type": type("filters.network.http_connection_manager.v3.HttpConnectionManager"),
              statPrefix: "edge",
              rds: { routeConfigName: "edge", configSource: ads },
              httpFilters: [
                {
                  name: "guard",
                  configDiscovery: {
                    configSource: ads,
                    typeUrls: [type("filters.http.jwt_authn.v3.JwtAuthentication")],
                  },
                },
                {
                  name: "router",
                  typedConfig: { "@type": type("filters.http.router.v3.Router") },
                },
              ],
            },
          },
        ],
      },
    ],
  });
}
