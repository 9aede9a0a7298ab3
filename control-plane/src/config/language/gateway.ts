// `gateway`: what every edge Envoy of the mesh listens with.

import type { Origin } from "../../source/origin.ts";
import type { FileReference } from "../file-path.ts";
import type { CertificateConfig, GatewayConfig } from "../gateway-config.ts";
import { either, mapped } from "../schema/collections.ts";
import { noFlaws } from "../schema/flaws.ts";
import { object, optional, required } from "../schema/object.ts";
import { address, text, wholeNumber } from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";
import { bounds } from "./bounds.ts";
import { clients, cors } from "./clients.ts";
import { docs, standardDocs } from "./docs.ts";
import { fileReference, secretReference } from "./file-reference.ts";

/** What counts where nothing is written. */
const standard = {
  address: "127.0.0.1",
  port: 8443,
  certificate: { kind: "dev" },
} as const;

const none = (at: Origin): FileReference => ({ file: "", at });

const certificateFiles = object<{ readonly cert: FileReference; readonly key: FileReference }>(
  "`certificate`",
  {
    cert: required(
      fileReference,
      {
        about: "The certificate in PEM form, followed by those between it and its authority.",
        example: "{ file: tls/gateway.pem }",
      },
      none,
    ),
    key: required(
      secretReference,
      { about: "Its private key in PEM form.", example: "{ file: tls/gateway-key.pem }" },
      none,
    ),
  },
);

const advice = "Write `dev`, or `{ cert: { file: PATH }, key: { file: PATH } }`.";

const dev = text("`dev` or a certificate and its key", advice, {
  fits: (value) => value === "dev",
});

const certificate = either<CertificateConfig>("`dev`, or a certificate and its key", advice, {
  scalar: {
    ...mapped(dev, () => ({ kind: "dev" })),
    shape: { kind: "word", word: "dev" },
  },
  mapping: mapped(certificateFiles, ({ cert, key }) => ({ kind: "files", cert, key })),
});

const https = object<Omit<GatewayConfig["https"], "at" | "flawed">>(
  "`https`",
  {
    address: optional(
      mapped(address, (value, { at }) => ({ value, at })),
      {
        about: "The IP address to listen on. `0.0.0.0` is every network that the machine is on.",
        example: "0.0.0.0",
        standard: standard.address,
      },
      (at) => ({ value: standard.address, at }),
    ),
    port: optional(
      wholeNumber(1, 65_535),
      { about: "The port for HTTPS and gRPC.", example: "8443", standard: String(standard.port) },
      () => standard.port,
    ),
    certificate: optional(
      certificate,
      {
        about:
          "What the gateway proves itself with: `dev`, a certificate of the mesh's own authority for `localhost`, or files of your own.",
        example: "dev",
        standard: standard.certificate.kind,
      },
      () => standard.certificate,
    ),
  },
  { later: { names: "which host names a `dev` certificate has" } },
);

const httpsStandard = (at: Origin): GatewayConfig["https"] => ({
  address: { value: standard.address, at },
  port: standard.port,
  certificate: standard.certificate,
  flawed: noFlaws,
  at,
});

/** `gateway`. */
export const gateway: Type<GatewayConfig> = object<Omit<GatewayConfig, "at" | "flawed">>(
  "`gateway`",
  {
    https: optional(
      https,
      {
        about: "Where callers connect: REST, server-sent events and gRPC share one port.",
        example: "{ port: 8443, certificate: dev }",
      },
      httpsStandard,
    ),
    cors: optional(
      cors,
      {
        about:
          "Web pages of other origins that may call. Without it browsers let none: the gateway answers no preflight.",
        example: "{ origins: [https://app.example.com] }",
      },
      () => undefined,
    ),
    clients: optional(
      clients,
      {
        about:
          "Callers that prove themselves by certificates, which routes can ask for: `allow: { certificates: [NAME] }`. Callers without one may still use the other routes.",
        example: "{ ca: { file: tls/clients.pem } }",
      },
      () => undefined,
    ),
    bounds: optional(
      bounds,
      {
        about: "What a client may ask of a gateway, so that none can exhaust it.",
        example: "{ body: 1MiB, connections: 5000 }",
      },
      () => undefined,
    ),
    docs: optional(
      docs,
      {
        about:
          "Who may read `/openapi.json`, which describes all that its reader may call, and `/docs`, the page to try calls in: everybody (`public`), nobody (`off`), or those whose token has these scopes.",
        example: "public",
        standard: "{ scopes: [agents:invoke] }",
      },
      () => standardDocs,
    ),
  },
  { elsewhere: { tls: "Write `https: { certificate: { cert: …, key: … } }`." } },
);

/** `gateway` where it is left out. */
export const gatewayStandard = (at: Origin): GatewayConfig => ({
  https: httpsStandard(at),
  cors: undefined,
  clients: undefined,
  bounds: undefined,
  docs: standardDocs,
  flawed: noFlaws,
  at,
});
