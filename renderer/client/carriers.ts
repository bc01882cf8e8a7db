// The two things that carry frames: the MessagePort the window hands us, and a WebSocket in a browser.
import type { PageChannel } from './channel.ts';

/** The subprotocol that carries the page's token: a header a foreign page cannot forge across origins. */
const tokenPrefix = 'rekindle.token.';

/** Resolves when the socket is open. @throws Error when the server does not take us */
export async function openSocket(url: string, token: string): Promise<PageChannel> {
  const socket = new WebSocket(url, ['rekindle', `${tokenPrefix}${token}`]);
  socket.binaryType = 'arraybuffer';
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true });
    socket.addEventListener('close', () => reject(new Error('refused')), { once: true });
  });
  return {
    post: (frame) => socket.send(frame),
    onFrame: (listener) =>
      socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) =>
        listener(typeof data === 'string' ? data : new Uint8Array(data)),
      ),
    onClose: (listener) => socket.addEventListener('close', () => listener(), { once: true }),
    close: () => socket.close(),
  };
}

/** The window's MessagePort. */
export function overPort(port: MessagePort): PageChannel {
  return {
    post: (frame) => port.postMessage(frame),
    onFrame(listener) {
      port.addEventListener('message', ({ data }: MessageEvent<string | Uint8Array>) => listener(data));
      port.start();
    },
    onClose: (listener) => port.addEventListener('close', () => listener(), { once: true }),
    close: () => port.close(),
  };
}
