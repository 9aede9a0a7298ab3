// Browsers: their own WebSocket, which sends no headers and does not say why it was refused.
import { connectFailure } from "./connect-failure.ts";
import type { Platform } from "./platform.ts";

/** The browser's own, as far as it is used. */
interface NativeSocket {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

declare const WebSocket: new (url: string, protocols: string[]) => NativeSocket;

/** Browsers. They know no active trace, and read a socket whether anybody takes it or not. */
export const browserPlatform: Platform = {
  tellsRefusals: false,
  activeTrace: () => Promise.resolve({}),
  openSocket({ token, url }, tells) {
    const login = token === undefined ? [] : [`bearer.${token}`];
    const socket = new WebSocket(url, ["smartcall", ...login]);
    let opened = false;
    socket.onmessage = ({ data }) => {
      // The first frame, `ready`, comes as soon as it is open.
      opened = true;
      tells.text(String(data));
    };
    socket.onclose = ({ code, reason }) => {
      if (opened) tells.closed(code, reason);
      else {
        const { error, neverLeft: again } = connectFailure(undefined, url);
        tells.failed({ error, again });
      }
    };
    return {
      send: (text) => socket.send(text),
      close: () => socket.close(1000),
      drop: () => socket.close(1000),
      pause: () => undefined,
      resume: () => undefined,
    };
  },
};
