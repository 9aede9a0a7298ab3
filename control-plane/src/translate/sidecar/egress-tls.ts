// How a sidecar knows that it talks to the host that an egress names, and to nobody else.

import { isIP } from "node:net";
import { create } from "@bufbuild/protobuf";
import { systemAuthoritiesName } from "@smartcall/envoy";
import {
  type TransportSocket,
  TransportSocketSchema,
} from "@smartcall/envoy/api/envoy/config/core/v3/base_pb.js";
import {
  SubjectAltNameMatcher_SanType,
  TlsParameters_TlsProtocol,
} from "@smartcall/envoy/api/envoy/extensions/transport_sockets/tls/v3/common_pb.js";
import { UpstreamTlsContextSchema } from "@smartcall/envoy/api/envoy/extensions/transport_sockets/tls/v3/tls_pb.js";
import type { Egress } from "../../model/egress.ts";
import { any } from "../message.ts";

/**
 * TLS that takes a certificate for exactly this host, by the operator's authorities, or by
 * those of the sidecar's machine: only its bootstrap can know where these are.
 */
export function egressTls({ authorities, host }: Egress): TransportSocket {
  const isName = isIP(host) === 0;
  const { DNS, IP_ADDRESS } = SubjectAltNameMatcher_SanType;
  const matchTypedSubjectAltNames = [
    {
      sanType: isName ? DNS : IP_ADDRESS,
      matcher: { matchPattern: { case: "exact" as const, value: host } },
    },
  ];
  const { TLSv1_2, TLSv1_3 } = TlsParameters_TlsProtocol;
  const validationContextType =
    authorities === undefined
      ? {
          case: "combinedValidationContext" as const,
          value: {
            defaultValidationContext: { matchTypedSubjectAltNames },
            validationContextSdsSecretConfig: { name: systemAuthoritiesName },
          },
        }
      : {
          case: "validationContext" as const,
          value: {
            trustedCa: { specifier: { case: "inlineString" as const, value: authorities } },
            matchTypedSubjectAltNames,
          },
        };
  return create(TransportSocketSchema, {
    name: "tls",
    configType: {
      case: "typedConfig",
      value: any(UpstreamTlsContextSchema, {
        sni: isName ? host : "",
        commonTlsContext: {
          // Envoy itself would offer no more than 1.2.
          tlsParams: { tlsMinimumProtocolVersion: TLSv1_2, tlsMaximumProtocolVersion: TLSv1_3 },
          validationContextType,
        },
      }),
    },
  });
}
