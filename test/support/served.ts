// A server of firmware for each test of a file, ended with it.
import { afterEach } from 'vitest';
import { startFirmwareServer, type FirmwareServer } from './firmware-server.ts';

/** To be called once a file. `now` is the server of this test, once it was started. */
export function serveEach(): {
  readonly now: FirmwareServer | undefined;
  start(names?: readonly string[]): Promise<FirmwareServer>;
  end(): Promise<void>;
} {
  let server: FirmwareServer | undefined;
  const end = async (): Promise<void> => {
    await server?.[Symbol.asyncDispose]();
    server = undefined;
  };
  afterEach(end);
  return {
    get now() {
      return server;
    },
    async start(names) {
      return (server = await startFirmwareServer(names));
    },
    end,
  };
}
