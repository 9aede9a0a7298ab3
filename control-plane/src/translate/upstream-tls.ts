// How a gateway knows that it talks to an instance and to nobody else.

import { create } from "@bufbuild/protobuf";
import {
  type TransportSocket,
  TransportSocketSchema,
} from "@smartcall/envoy/api/envoy/config/core/v3/base_pb.js";
import {
  SubjectAltNameMatcher_SanType,
  TlsParameters_TlsProtocol,
} from "@smartcall/envoy/api/envoy/extensions/transport_sockets/tls/v3/common_pb.js";
import { UpstreamTlsContextSchema } from "@smartcall/envoy/api/envoy/extensions/transport_sockets/tls/v3/tls_pb.js";
import type { CertificateName, UpstreamTls } from "../model/mesh.ts";
import { any } from "./message.ts";

/** TLS that takes a certificate by the named authorities, for one of the names, and no other. */
export function upstreamTls({ authorities, names, serverName }: UpstreamTls): TransportSocket {
  return create(TransportSocketSchema, {
    name: "tls",
    configType: {
      case: "typedConfig",
      value: any(UpstreamTlsContextSchema, {
        sni: serverName ?? "",
        commonTlsContext: {
          tlsParams: { tlsMinimumProtocolVersion: TlsParameters_TlsProtocol.TLSv1_2 },
          alpnProtocols: ["h2"],
          validationContextType: {
            case: "validationContext",
            value: {
              trustedCa: { specifier: { case: "inlineString", value: authorities } },
              matchTypedSubjectAltNames: names.map(sanMatcher),
            },
          },
        },
      }),
    },
  });
}

function sanMatcher({ kind, value }: CertificateName) {
  return {
    sanType:
      kind === "dns" ? SubjectAltNameMatcher_SanType.DNS : SubjectAltNameMatcher_SanType.IP_ADDRESS,
    matcher: { matchPattern: { case: "exact" as const, value } },
  };
}
