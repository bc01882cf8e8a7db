import { connect, type Socket } from 'node:net';

/** A connection that carries one device's transfers, for the kernel to take over. */
export interface ImportedDevice {
  readonly fileDescriptor: number;
  readonly deviceId: number;
  readonly speed: number;
  /** Closes our side without ending the connection, which the kernel holds by then. */
  letGo(): void;
}

const requestImport = 0x8003;
const version = 0x0111;
const replyBytes = 320;
const limitMs = 10_000;

/**
 * OP_REQ_IMPORT, as a client on its own: written apart from the server it talks to.
 * @throws Error with the status when the server refuses
 */
export async function importDevice(host: string, port: number, busId: string): Promise<ImportedDevice> {
  const socket = connect({ host, port, noDelay: true, keepAlive: true });
  try {
    const request = Buffer.alloc(40);
    request.writeUInt16BE(version, 0);
    request.writeUInt16BE(requestImport, 2);
    request.write(busId, 8, 31, 'ascii');
    socket.write(request);
    const reply = await readReply(socket);
    const status = reply.readUInt32BE(4);
    if (status !== 0) throw new Error(`import of ${busId} refused with status ${status}`);
    // Fields of struct usbip_usb_device, after the eight bytes of the reply's header.
    const busNumber = reply.readUInt32BE(8 + 288);
    const deviceNumber = reply.readUInt32BE(8 + 292);
    return {
      fileDescriptor: descriptorOf(socket),
      deviceId: ((busNumber << 16) | deviceNumber) >>> 0,
      speed: reply.readUInt32BE(8 + 296),
      letGo: () => socket.destroy(),
    };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** A refusal is eight bytes, a grant 320; the server sends nothing more until it is asked. */
function readReply(socket: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let reply = Buffer.alloc(0);
    const timer = setTimeout(() => reject(new Error('no answer to the import')), limitMs);
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('connection closed during the import')));
    socket.on('data', (chunk) => {
      reply = Buffer.concat([reply, chunk]);
      const refused = reply.length >= 8 && reply.readUInt32BE(4) !== 0;
      if (!refused && reply.length < replyBytes) return;
      clearTimeout(timer);
      socket.pause();
      resolve(reply);
    });
  });
}

/** Node has no public name for it. */
function descriptorOf(socket: Socket): number {
  const descriptor = (socket as unknown as { _handle?: { fd?: number } })._handle?.fd;
  if (descriptor === undefined || descriptor < 0) throw new Error('the connection has no file descriptor');
  return descriptor;
}
