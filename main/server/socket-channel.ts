import type { WebSocket } from 'ws';
import type { Channel } from '../studio.ts';

/** "Policy violation" (RFC 6455 section 7.4.1): the page broke a rule and was let go. */
const policyViolation = 1008;

/** A page behind a WebSocket. */
export function socketChannel(socket: WebSocket): Channel {
  socket.on('error', () => socket.terminate());
  return {
    post: (frame) => socket.send(frame),
    onFrame(listener) {
      socket.on('message', (data: Buffer, isBinary: boolean) =>
        listener(isBinary ? new Uint8Array(data) : data.toString('utf8')),
      );
    },
    onClose: (listener) => void socket.once('close', listener),
    close(why) {
      socket.close(policyViolation, why.slice(0, 120));
      // One that does not answer the farewell is cut off.
      socket.terminate();
    },
  };
}
