// How long nodes wait for what they are told by name, wherever in a resource that stands.

import { createRegistry, isMessage, type Message } from "@bufbuild/protobuf";
import { AnySchema, anyUnpack } from "@bufbuild/protobuf/wkt";
import { ConfigSourceSchema } from "@smartcall/envoy/api/envoy/config/core/v3/config_source_pb.js";
import { HttpConnectionManagerSchema } from "@smartcall/envoy/api/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js";
import {
  DownstreamTlsContextSchema,
  UpstreamTlsContextSchema,
} from "@smartcall/envoy/api/envoy/extensions/transport_sockets/tls/v3/tls_pb.js";
import { expect } from "chai";
import { translate } from "./index.ts";
import { contract, mesh } from "./mesh-sketch.test.ts";

const packed = createRegistry(
  HttpConnectionManagerSchema,
  DownstreamTlsContextSchema,
  UpstreamTlsContextSchema,
);

describe("how long nodes wait", () => {
  const { gateway, ...rest } = mesh({});
  const withClients = { ...rest, gateway: { ...gateway, clientAuthorities: "authority" } };
  const { cluster, listener } = translate(withClients, contract);
  const waits = (described: readonly { readonly message: Message }[]) =>
    described.flatMap(({ message }) => secondsIn(message));

  it("A57 for certificates, routes and filters is as long as it takes", () => {
    const seconds = waits(listener);
    // The certificate, who vouches for clients, the routes, and filters.
    expect(seconds.length).to.be.at.least(4);
    expect(new Set(seconds)).to.deep.equal(new Set([0]));
  });

  it("A57 for endpoints is five seconds", () => {
    const endpoints = cluster.flatMap(({ message }) => message.edsClusterConfig?.edsConfig ?? []);
    const seconds = endpoints.flatMap(secondsIn);
    expect(seconds.length).to.be.at.least(1);
    expect(new Set(seconds)).to.deep.equal(new Set([5]));
  });
});

/** The patience of each source of configuration in a message, in seconds. */
function secondsIn(value: unknown): readonly number[] {
  if (isMessage(value, ConfigSourceSchema)) {
    return [Number(value.initialFetchTimeout?.seconds ?? Number.NaN)];
  }
  if (isMessage(value, AnySchema)) return secondsIn(anyUnpack(value, packed));
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return [];
  return Object.values(value).flatMap(secondsIn);
}
