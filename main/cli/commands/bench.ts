import { FlashError } from '../../../shared/errors/flash-error.ts';
import { ExitCode } from '../../../shared/result.ts';
import { serveUsbip, type UsbipServer } from '../../bench/usbip/server.ts';
import { silentLog } from '../../log/log.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { writeJson } from '../report-json.ts';
import type { Bench } from '../../bench/bench.ts';
import { benchOf } from '../shell.ts';

export interface BenchCommandOptions {
  readonly board: string;
  readonly usbip: number;
  readonly faults?: string;
  readonly timeScale?: number;
  readonly json?: boolean;
}

/** Serves virtual boards over USB/IP to this computer, until Ctrl-C. */
export async function bench(options: BenchCommandOptions): Promise<ExitCode> {
  using interrupt = listenForInterrupt('watch');
  const boards = benchOf(options.board, options);
  const server = await serve(boards, options.usbip);
  if (options.json === true) {
    writeJson('listening', {
      port: server.port,
      boards: boards.ports.map((port) => ({ busId: port.portPath, board: port.board?.name })),
    });
  } else {
    const lines = boards.ports.map(
      (port) =>
        `  usbip --tcp-port ${server.port} attach -r 127.0.0.1 -b ${port.portPath}   # ${port.board?.name ?? ''}`,
    );
    process.stdout.write(
      `Virtual boards on 127.0.0.1:${server.port} (USB/IP). Attach one, as root, with vhci-hcd loaded:\n${lines.join('\n')}\nCtrl-C ends it.\n`,
    );
  }
  // An abort signal keeps no process alive, and the server does.
  await new Promise<void>((resolve) =>
    interrupt.stop.addEventListener('abort', () => resolve(), { once: true }),
  );
  await server.close();
  return ExitCode.done;
}

/** A port that somebody else has is the caller's to change, not our mistake. @throws FlashError `usage` */
async function serve(boards: Bench, port: number): Promise<UsbipServer> {
  try {
    return await serveUsbip({ bench: boards, port, log: silentLog });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new FlashError('usage', { detail: `Port ${port} is taken by another program` }, error);
    if (code === 'EACCES')
      throw new FlashError('usage', { detail: `Your account may not listen on port ${port}` }, error);
    throw error;
  }
}
