// How a node asks the control plane for all that it needs: by delta ADS.

import { controlPlaneClusterName } from "./control-plane-cluster.ts";

/**
 * The bootstrap's `dynamic_resources`.
 *
 * @param firstMs how long Envoy's start waits for its first clusters and listeners, in
 *   milliseconds; 0, until they are there
 */
export function dynamicResources(firstMs: number): object {
  const ads = {
    ads: {},
    resource_api_version: "V3",
    initial_fetch_timeout: `${firstMs / 1_000}s`,
  };
  return {
    ads_config: {
      api_type: "DELTA_GRPC",
      transport_api_version: "V3",
      // What the control plane does not name again after a reconnect stays as it was.
      set_node_on_first_message_only: true,
      grpc_services: [
        {
          envoy_grpc: {
            cluster_name: controlPlaneClusterName,
            retry_policy: {
              retry_back_off: { base_interval: "0.2s", max_interval: "1s" },
            },
          },
        },
      ],
    },
    cds_config: ads,
    lds_config: ads,
  };
}
