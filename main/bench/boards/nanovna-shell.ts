// The NanoVNA's shell on its serial port (devices.md 5.4): prompt, echo and commands are facts; the wording of what
// they print is not in our facts beyond what is cited, and follows the field as far as it is remembered.
import type { CdcProgram } from '../cdc.ts';
import type { FlashMemory } from '../flash-memory.ts';
import {
  clearSaved,
  loadCalibration,
  noCalibration,
  storeCalibration,
  storeConfig,
  type Calibration,
  type NanovnaLayout,
} from './nanovna-layout.ts';

export interface ShellSurroundings {
  readonly flash: FlashMemory;
  readonly layout: NanovnaLayout;
  /** Lines of `info`. */
  readonly info: readonly string[];
  readonly version: string;
  send(bytes: Uint8Array): void;
  /** What `reset` does. */
  restart(into: 'rom' | 'as the pins say'): void;
}

const prompt = 'ch> ';
const newLine = '\r\n';
/** Longer lines lose their end; as ChibiOS has it, not in our facts. */
const mostLineLetters = 64;
const points = { least: 11 } as const;

type Command = (shell: Session, words: readonly string[]) => void;

/** From the moment the port is there until it leaves. */
export function startShell(surroundings: ShellSurroundings): CdcProgram {
  const session = new Session(surroundings);
  session.print(`${newLine}NanoVNA Shell${newLine}${prompt}`);
  return session;
}

class Session implements CdcProgram {
  readonly surroundings: ShellSurroundings;
  #line = '';
  #over = false;
  calibration: Calibration;
  sweep: { start: number; stop: number; points: number };

  constructor(surroundings: ShellSurroundings) {
    this.surroundings = surroundings;
    const { flash, layout } = surroundings;
    // Slot 0 is taken at power-on; otherwise nothing is corrected.
    this.calibration = loadCalibration(flash, layout, 0) ?? noCalibration(layout);
    this.sweep = { start: this.calibration.start, stop: this.calibration.stop, points: layout.points };
  }

  print(text: string): void {
    this.surroundings.send(Uint8Array.from(text, (letter) => letter.charCodeAt(0) & 0xff));
  }

  say(...lines: readonly string[]): void {
    for (const line of lines) this.print(line + newLine);
  }

  received(bytes: Uint8Array): void {
    for (const byte of bytes) if (!this.#over) this.#take(byte);
  }

  restart(into: 'rom' | 'as the pins say'): void {
    this.#over = true;
    this.surroundings.restart(into);
  }

  use(calibration: Calibration): void {
    this.calibration = calibration;
    this.sweep = { ...this.sweep, start: calibration.start, stop: calibration.stop };
  }

  #take(byte: number): void {
    if (byte === 0x0d) {
      this.print(newLine);
      const line = this.#line.trim();
      this.#line = '';
      if (line !== '') this.#run(line);
      if (!this.#over) this.print(prompt);
    } else if (byte === 0x08 || byte === 0x7f) {
      if (this.#line === '') return;
      this.#line = this.#line.slice(0, -1);
      this.print('\b \b');
    } else if (byte >= 0x20 && byte < 0x7f && this.#line.length < mostLineLetters) {
      const letter = String.fromCharCode(byte);
      this.#line += letter;
      this.print(letter);
    }
  }

  #run(line: string): void {
    const [name = '', ...words] = line.split(/ +/);
    const command = commands[name];
    if (command === undefined) this.say(`${name}?`);
    else command(this, words);
  }
}

const commands: Readonly<Record<string, Command | undefined>> = Object.assign(Object.create(null), {
  help: (shell) => shell.say(`Commands: ${Object.keys(commands).join(' ')}`),
  version: (shell) => shell.say(shell.surroundings.version),
  info: (shell) => shell.say(...shell.surroundings.info),
  vbat: (shell) => shell.say('4015 mV'),
  frequencies: (shell) => shell.say(...frequenciesOf(shell)),
  sweep,
  data,
  save,
  recall,
  saveconfig(shell) {
    storeConfig(shell.surroundings.flash, shell.surroundings.layout);
    shell.say('Config saved');
  },
  clearconfig(shell, [key]) {
    if (key !== '1234') {
      shell.say('usage: clearconfig {protection key}');
      return;
    }
    clearSaved(shell.surroundings.flash, shell.surroundings.layout);
    shell.say('Config and all calibration data cleared', 'Reset, touch calibration and save are needed');
  },
  reset(shell, [into]) {
    if (into === 'dfu') shell.say('Performing reset to DFU mode');
    shell.restart(into === 'dfu' ? 'rom' : 'as the pins say');
  },
} satisfies Record<string, Command>) as Readonly<Record<string, Command | undefined>>;

function frequenciesOf({ sweep: { start, stop, points: count } }: Session): string[] {
  const step = count > 1 ? (stop - start) / (count - 1) : 0;
  return Array.from({ length: count }, (_, index) => String(Math.round(start + index * step)));
}

function sweep(shell: Session, words: readonly string[]): void {
  const { start, stop, points: count } = shell.sweep;
  if (words.length === 0) {
    shell.say(`${start} ${stop} ${count}`);
    return;
  }
  const [first = start, last = stop, wanted = count] = words.map(Number);
  const most = shell.surroundings.layout.points;
  const fits = [first, last, wanted].every(Number.isSafeInteger) && first >= 0 && last >= first;
  if (!fits || wanted < points.least || wanted > most)
    shell.say('usage: sweep {start(Hz)} [stop(Hz)] [points]');
  else shell.sweep = { start: first, stop: last, points: wanted };
}

/** 0 and 1 are measured, 2 to 6 the five error terms; a complex pair a line. */
function data(shell: Session, [word = '0']: readonly string[]): void {
  if (!/^[0-6]$/.test(word)) {
    shell.say('usage: data [array]');
    return;
  }
  const array = Number(word);
  const count = shell.surroundings.layout.points;
  const value = (point: number, part: number): number => {
    if (array >= 2) return shell.calibration.terms[((array - 2) * count + point) * 2 + part] ?? 0;
    // An open port, all but still: something that varies with the point is all that is asked of it.
    return part === array ? Math.cos(point / count) : Math.sin(point / count) / 10;
  };
  for (let point = 0; point < shell.sweep.points; point++)
    shell.say(`${value(point, 0).toFixed(6)} ${value(point, 1).toFixed(6)}`);
}

function slotOf(shell: Session, word: string | undefined): number | undefined {
  if (word === undefined || !/^\d$/.test(word)) return undefined;
  const slot = Number(word);
  return slot < shell.surroundings.layout.slots.length ? slot : undefined;
}

function save(shell: Session, [word]: readonly string[]): void {
  const slot = slotOf(shell, word);
  const { flash, layout } = shell.surroundings;
  if (slot === undefined) {
    shell.say('usage: save {id}');
    return;
  }
  const { start, stop } = shell.sweep;
  storeCalibration(flash, layout, slot, { ...shell.calibration, start, stop });
}

function recall(shell: Session, [word]: readonly string[]): void {
  const slot = slotOf(shell, word);
  const { flash, layout } = shell.surroundings;
  if (slot === undefined) {
    shell.say('usage: recall {id}');
    return;
  }
  const found = loadCalibration(flash, layout, slot);
  if (found === undefined) shell.say('Err, default load');
  shell.use(found ?? noCalibration(layout));
}
