// A person at a terminal, on a virtual board's serial port.
import { startWait, type Wait } from '../../main/base/wait.ts';
import type { SerialLine } from '../../main/transports/serial/serial-line.ts';
import type { Rig } from '../support/rig.ts';

export interface Terminal extends AsyncDisposable {
  readonly line: SerialLine;
  type(text: string): Promise<void>;
  /** Everything up to the next prompt. */
  answer(): Promise<string>;
  /** A command and all it prints, its echo and the prompt left out. */
  ask(command: string): Promise<string[]>;
  wait(milliseconds?: number): Wait;
}

export const prompt = 'ch> ';

export async function openTerminal(rig: Rig, baud = 115_200): Promise<Terminal> {
  const wait = (milliseconds = 5_000): Wait => startWait(rig.clock, milliseconds);
  const [facts] = await rig.bench.serial.list(wait());
  if (facts === undefined) throw new Error('no serial port');
  const line = await rig.bench.serial.open(facts, { baud }, wait());
  const terminal: Terminal = {
    line,
    wait,
    type: (text) => line.write(new TextEncoder().encode(text), wait()),
    async answer() {
      let text = '';
      while (!text.endsWith(prompt)) text += new TextDecoder().decode(await line.read(wait()));
      return text;
    },
    async ask(command) {
      await terminal.type(`${command}\r`);
      const [echo, ...rest] = (await terminal.answer()).split('\r\n');
      if (echo !== command) throw new Error(`echo was ${JSON.stringify(echo)}`);
      return rest.slice(0, -1);
    },
    [Symbol.asyncDispose]: () => line[Symbol.asyncDispose](),
  };
  return terminal;
}
