import type { Channel } from './channel.ts';

/** What a MessagePort of Electron and one of Node have in common. */
export interface ServedPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

/** A page behind a MessagePort. */
export function portChannel(port: ServedPort): Channel {
  return {
    post: (frame) => port.postMessage(frame),
    onFrame(listener) {
      // Electron wraps what arrives in an event, Node does not.
      port.on('message', (message) =>
        listener(isEvent(message) ? (message as { data: unknown }).data : message),
      );
      port.start();
    },
    onClose: (listener) => void port.on('close', listener),
    close: () => port.close(),
  };
}

function isEvent(message: unknown): boolean {
  return (
    typeof message === 'object' &&
    message !== null &&
    !(message instanceof Uint8Array) &&
    'data' in message &&
    'ports' in message
  );
}
