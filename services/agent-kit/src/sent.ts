// What a caller, and the mesh, say beside a request.

import type { Metadata } from "@grpc/grpc-js";

/** Metadata, as far as it is read: all values of a key, none where nobody says anything. */
export type Sent = Pick<Metadata, "get">;
