import { FlashError } from '../../../shared/errors/flash-error.ts';
import { ExitCode } from '../../../shared/result.ts';
import { cleanText } from '../../../shared/text/clean.ts';
import { sayToBench, takeLines, type ControlPort } from '../../bench/control-port.ts';
import { serveUsbip, type UsbipServer } from '../../bench/usbip/server.ts';
import { silentLog } from '../../log/log.ts';
import { answerTo, openBenchControl } from '../bench-control.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { writeJson } from '../report-json.ts';
import type { Bench } from '../../bench/bench.ts';
import { benchOf } from '../shell.ts';

export interface BenchCommandOptions {
  readonly board?: string;
  readonly usbip: number;
  readonly at?: string;
  readonly faults?: string;
  readonly timeScale?: number;
  readonly json?: boolean;
}

/** Serves virtual boards over USB/IP to this computer, until Ctrl-C; or moves those of a bench that does. */
export async function bench(words: readonly string[], options: BenchCommandOptions): Promise<ExitCode> {
  if (words.length > 0) return await tellBench(words.join(' '), options);
  if (options.board === undefined)
    throw new FlashError('usage', { detail: 'Say which boards: --board nanovna-h, or several with commas' });
  using interrupt = listenForInterrupt('watch');
  const boards = benchOf(options.board, options);
  const server = await serve(boards, options.usbip);
  const control = await openBenchControl(boards);
  if (options.json === true) {
    writeJson('listening', {
      port: server.port,
      at: control.address,
      boards: boards.ports.map((port) => ({
        busId: port.portPath,
        board: port.board?.name,
        controls: port.board?.controls,
      })),
    });
  } else {
    process.stdout.write(listeningText(boards, server, control));
  }
  takeLines(
    process.stdin,
    (line) => {
      if (line.trim() !== '') sayAnswer(answerTo(boards, line), options.json === true);
    },
    () => process.stdin.destroy(),
  );
  // An abort signal keeps no process alive, and the server does.
  await new Promise<void>((resolve) =>
    interrupt.stop.addEventListener('abort', () => resolve(), { once: true }),
  );
  process.stdin.destroy();
  await Promise.all([server.close(), control.close()]);
  return ExitCode.done;
}

function listeningText(boards: Bench, server: UsbipServer, control: ControlPort): string {
  const lines = boards.ports.map(
    (port) =>
      `  usbip --tcp-port ${server.port} attach -r 127.0.0.1 -b ${port.portPath}   # ${port.board?.name ?? ''}`,
  );
  return `Virtual boards on 127.0.0.1:${server.port} (USB/IP). Attach one, as root, with vhci-hcd loaded:
${lines.join('\n')}
Move them by lines typed here (hold 1-1 S1, plug 1-1, ...), or from elsewhere: rekindle bench ... --at ${control.address}
Ctrl-C ends it.
`;
}

function sayAnswer(answer: string, json: boolean): boolean {
  const { done, refused } = parseAnswer(answer);
  if (json) writeJson('action', done === undefined ? { refused } : { done });
  else process.stdout.write(`${cleanText(done ?? refused ?? '')}\n`);
  return done !== undefined;
}

function parseAnswer(answer: string): { done?: string; refused?: string } {
  const parsed: unknown = JSON.parse(answer);
  if (typeof parsed !== 'object' || parsed === null) return {};
  const { done, refused } = parsed as { done?: unknown; refused?: unknown };
  return typeof done === 'string' ? { done } : { refused: typeof refused === 'string' ? refused : '' };
}

/** @throws FlashError `usage` when there is no such bench, or it refuses */
async function tellBench(line: string, options: BenchCommandOptions): Promise<ExitCode> {
  const [, port, token] = /^(\d{1,5}):([0-9a-f]{32})$/.exec(options.at ?? '') ?? [];
  if (port === undefined || token === undefined)
    throw new FlashError('usage', { detail: '--at takes what the running bench has printed: PORT:TOKEN' });
  const answer = await sayToBench({ port: Number(port), token }, line);
  if (answer === undefined)
    throw new FlashError('usage', { detail: `No bench answers at port ${port}, or it is another one` });
  const { refused } = parseAnswer(answer);
  if (refused !== undefined) throw new FlashError('usage', { detail: refused });
  sayAnswer(answer, options.json === true);
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
