// Lets a gRPC server listen on loopback, in the clear.
import { type Server, ServerCredentials } from "@grpc/grpc-js";

/** Binds it to a free port, which it gives. */
export function bindServer(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
}
