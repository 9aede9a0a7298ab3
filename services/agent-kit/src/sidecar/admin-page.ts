// What a sidecar says of itself on its admin socket.

import { get } from "node:http";

/** The status of a page such as `/ready`; undefined where nobody answers soon. */
export function adminStatus(socketPath: string, path: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const request = get({ socketPath, path, timeout: 1000 }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.once("error", () => resolve(undefined));
    request.once("timeout", () => request.destroy());
  });
}
