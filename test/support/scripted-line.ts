// A serial line with a shell of our own making behind it, at the level of bytes: what it echoes, prints, and when.
import { sleepWithin, type Wait } from '../../main/base/wait.ts';
import type { Clock } from '../../main/base/clock.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { SerialLine, SerialPortFacts } from '../../main/transports/serial/serial-line.ts';

export interface ShellScript {
  /** The lines a command prints; undefined for one it does not know. */
  readonly answer: (command: string) => readonly string[] | undefined;
  /** Bytes at a time: small ones cut prompts and echoes in two. */
  readonly chunkBytes?: number;
  /** Text that comes by itself when the n-th command is typed, before its echo. */
  readonly noise?: (count: number) => string;
  /** Changes what is echoed of the n-th command. */
  readonly mangle?: (echo: string, count: number) => string;
  /** Nothing comes back at all. */
  readonly dumb?: boolean;
}

const facts: SerialPortFacts = {
  bus: 'script',
  path: 'script',
  vendorId: 0x0483,
  productId: 0x5740,
  portPath: '1-1',
};

export interface ScriptedLine extends SerialLine {
  /** Commands that arrived whole, empty ones left out. */
  readonly commands: readonly string[];
  /** Pulls the cable. */
  unplug(): void;
}

export function scriptedLine(clock: Clock, script: ShellScript): ScriptedLine {
  const commands: string[] = [];
  const { chunkBytes = 64, noise = () => '', mangle = (echo: string) => echo, dumb = false } = script;
  let typed = '';
  let out = '';
  let count = 0;
  let gone = false;
  const run = (command: string): void => {
    count++;
    out += noise(count);
    out += `${mangle(command, count)}\r\n`;
    if (command !== '') {
      commands.push(command);
      const lines = script.answer(command) ?? [`${command}?`];
      out += lines.map((line) => `${line}\r\n`).join('');
    }
    out += 'ch> ';
  };
  return {
    facts,
    commands,
    unplug: () => void (gone = true),
    async write(bytes) {
      if (gone) throw new FlashError('usb.gone', {});
      if (dumb) return;
      for (const byte of bytes) {
        if (byte === 0x0d) {
          run(typed);
          typed = '';
        } else typed += String.fromCharCode(byte);
      }
    },
    async read(wait: Wait) {
      for (;;) {
        if (gone) throw new FlashError('usb.gone', {});
        if (out !== '') {
          const piece = out.slice(0, chunkBytes);
          out = out.slice(piece.length);
          return Uint8Array.from(piece, (letter) => letter.charCodeAt(0));
        }
        await sleepWithin(wait, clock, 10);
      }
    },
    setBaud: () => Promise.resolve(),
    setModemLines: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** A NanoVNA with some points and slots, each slot with its own numbers; slot 3 is empty and says so. */
export function nanovnaScript(points = 5): ShellScript {
  let slot = 1;
  const term = (number: number): string[] =>
    Array.from({ length: points }, (_, index) => `${slot}.${number}${index} -0.${index}e-02`);
  return {
    answer(command) {
      const [name = '', argument = ''] = command.split(' ');
      switch (name) {
        case 'info':
          return ['Board: NanoVNA-H 4', 'Version: 1.2.14 [p:401]', 'Build Time: today'];
        case 'version':
          return ['1.2.14'];
        case 'sweep':
          return [`${50_000 + slot} 900000000 ${points}`];
        case 'frequencies':
          return Array.from({ length: points }, (_, index) => String(50_000 + slot + index * 1000));
        case 'recall':
          if (argument === '3') return ['Err, default load'];
          slot = Number(argument);
          return [];
        case 'data':
          return term(Number(argument));
        default:
          return undefined;
      }
    },
  };
}
