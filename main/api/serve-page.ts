// One page's connection: frames in, answers out. Nothing a page sends can throw past here, or be too much.
import { createServerPeerHandleRequestFn } from '@orpc/server/standard-peer';
import { StandardRPCHandler } from '@orpc/server/standard';
import { ServerPeer } from '@orpc/standard-server-peer';
import { limits } from '../../shared/limits.ts';
import { BackupFiles } from '../jobs/backup-files.ts';
import { OpenImages } from '../images/open-images.ts';
import { acknowledgement, type Channel, type Frame } from './channel.ts';
import type { PageContext, StudioParts } from './context.ts';
import { PacedSender } from './paced-sender.ts';
import { studioRouter } from './router.ts';

const handler = new StandardRPCHandler<PageContext>(studioRouter, {});

/** Serves one page until it goes, or does what no page of ours does. */
export function servePage(channel: Channel, parts: StudioParts): Disposable {
  const { log } = parts.services;
  const { clock, readImage } = parts;
  const context: PageContext = {
    parts,
    images: new OpenImages(clock, readImage),
    backupFiles: new BackupFiles(parts.services.host.paths.backups, clock, readImage),
  };
  let closed = false;
  let callsInFlight = 0;

  const end = (why: string, level: 'info' | 'warn' = 'info'): void => {
    if (closed) return;
    closed = true;
    log.write(level, 'page', why);
    sender.close();
    peer.close();
    context.images.closeAll();
    context.backupFiles.letGo();
    channel.close(why);
  };
  const sender = new PacedSender(channel, parts.clock, () =>
    end('a page took nothing for too long and was let go', 'warn'),
  );
  const peer = new ServerPeer((message) => sender.send(asFrame(message)));
  const handle = createServerPeerHandleRequestFn(handler, { context });

  const take = async (frame: unknown): Promise<void> => {
    if (closed) return;
    if (!isFrame(frame)) {
      end('a page sent something that is no frame and was let go', 'warn');
      return;
    }
    const acknowledged = typeof frame === 'string' ? acknowledgement.exec(frame) : null;
    if (acknowledged !== null) {
      if (!sender.acknowledge(Number(acknowledged[1])))
        end('a page acknowledged what was never sent and was let go', 'warn');
      return;
    }
    if (sizeOf(frame) > limits.frameBytes) {
      end('a page sent too long a frame and was let go', 'warn');
      return;
    }
    if (callsInFlight >= limits.callsInFlight) {
      end('a page made too many calls and was let go', 'warn');
      return;
    }
    callsInFlight++;
    try {
      await peer.message(frame, handle);
    } catch (error) {
      // The end of a page in mid-answer is no news; a frame that cannot be read is.
      end(`a page sent what cannot be understood and was let go: ${messageOf(error)}`, 'warn');
    } finally {
      callsInFlight--;
    }
  };

  channel.onFrame((frame) => void take(frame));
  channel.onClose(() => end('a page went'));
  log.write('info', 'page', 'a page came');
  return { [Symbol.dispose]: () => end('closing') };
}

function isFrame(frame: unknown): frame is Frame {
  return typeof frame === 'string' || frame instanceof Uint8Array;
}

function sizeOf(frame: Frame): number {
  return typeof frame === 'string' ? frame.length : frame.byteLength;
}

function asFrame(message: string | ArrayBufferLike | Uint8Array): Frame {
  return typeof message === 'string' || message instanceof Uint8Array ? message : new Uint8Array(message);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 200) : 'unknown';
}
