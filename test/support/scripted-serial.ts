// Serial ports whose other end a test plays, byte by byte, and boards that run a program with such a port.
import { newStatistics, type BoardSocket, type VirtualBoard } from '../../main/bench/board.ts';
import { configurationDescriptor, deviceDescriptor } from '../../main/bench/descriptor-bytes.ts';
import type { SetupPacket, TransferReply, VirtualUsbDevice } from '../../main/bench/virtual-usb.ts';
import type { Clock } from '../../main/base/clock.ts';
import { abortedError, remaining, type Wait } from '../../main/base/wait.ts';
import type { SerialLine, SerialPortFacts, SerialPorts } from '../../main/transports/serial/serial-line.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';

/** What a board shows while its program runs. */
export interface ProgramShown {
  readonly vendorId?: number;
  readonly productId?: number;
  readonly product?: string;
}

class ProgramDevice implements VirtualUsbDevice {
  readonly speed = 'full';
  readonly deviceDescriptor: Uint8Array;
  readonly configurationDescriptor = configurationDescriptor(0, []);
  readonly #product: string;

  constructor({ vendorId = 0x0483, productId = 0x5740, product = 'NanoVNA-H' }: ProgramShown) {
    this.#product = product;
    this.deviceDescriptor = deviceDescriptor({ vendorId, productId, bcdDevice: 0x0200, strings: [0, 2, 0] });
  }

  stringDescriptor(index: number): Uint8Array | undefined {
    if (index === 0) return Uint8Array.of(4, 3, 9, 4);
    const text = [...this.#product].flatMap((letter) => [letter.charCodeAt(0), 0]);
    return index === 2 ? Uint8Array.of(text.length + 2, 3, ...text) : undefined;
  }

  control({ request, value }: SetupPacket): Promise<TransferReply> {
    const bytes = request === 6 && value >> 8 === 3 ? this.stringDescriptor(value & 0xff) : undefined;
    return Promise.resolve(bytes === undefined ? { kind: 'stall' } : { kind: 'data', bytes });
  }

  busReset(): void {
    // Nothing that a test here looks at.
  }
}

/** A board whose program does what the test says, and which may become another board on its port. */
export class ProgramBoard implements VirtualBoard {
  readonly name = 'program';
  readonly flash = new Uint8Array();
  readonly statistics = newStatistics();
  readonly controls = [];
  readonly #clock: Clock;
  readonly #shown: ProgramShown;
  #socket: BoardSocket | undefined;

  constructor(clock: Clock, shown: ProgramShown = {}) {
    this.#clock = clock;
    this.#shown = shown;
  }

  plugIn(socket: BoardSocket): void {
    this.#socket = socket;
    socket.appear(new ProgramDevice(this.#shown));
  }

  unplug(): void {
    this.#socket = undefined;
  }

  act(): void {
    // It has nothing to press.
  }

  /** Leaves the bus, and comes back as something else after a moment; never without one. */
  become(board?: VirtualBoard | ProgramShown, afterMs = 300): void {
    const socket = this.#socket;
    socket?.vanish();
    if (board === undefined || socket === undefined) return;
    this.#clock.after(afterMs, () => {
      if ('plugIn' in board) board.plugIn(socket);
      else socket.appear(new ProgramDevice(board));
    });
  }
}

/** One serial port as the board's program and the system have it. */
export class ScriptedPort {
  facts: SerialPortFacts;
  /** What happened to it, in order: `open 115200`, `dtr 0 rts 0`, `close`. */
  readonly acts: string[] = [];
  /** All that was sent to it. */
  received = '';
  /** Not listed before this time of the clock. */
  listedFrom = 0;
  /** What opening it answers now. */
  refuse: () => FlashError | undefined = () => undefined;
  refuseLines: FlashError | undefined;
  hear: (text: string) => void = () => undefined;
  onAct: (act: string) => void = () => undefined;
  line: ScriptedLine | undefined;

  constructor(facts: Partial<SerialPortFacts> = {}) {
    const standard = {
      bus: 'bench',
      path: '/dev/ttyACM0',
      vendorId: 0x0483,
      productId: 0x5740,
      portPath: '1-1',
    };
    this.facts = { ...standard, ...facts };
  }

  act(act: string): void {
    this.acts.push(act);
    this.onAct(act);
  }

  say(text: string): void {
    this.line?.deliver(Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
  }

  /** The port goes with its board. */
  vanish(): void {
    this.listedFrom = Number.POSITIVE_INFINITY;
    this.line?.vanish();
  }
}

class ScriptedLine implements SerialLine {
  readonly facts: SerialPortFacts;
  readonly #port: ScriptedPort;
  readonly #clock: Clock;
  #waiting: Uint8Array[] = [];
  #gone = false;
  #wake: () => void = () => undefined;

  constructor(port: ScriptedPort, clock: Clock) {
    this.#port = port;
    this.facts = port.facts;
    this.#clock = clock;
  }

  deliver(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
    this.#wake();
  }

  vanish(): void {
    this.#gone = true;
    this.#wake();
  }

  async write(bytes: Uint8Array, wait: Wait): Promise<void> {
    this.#check(wait);
    const text = Buffer.from(bytes).toString('latin1');
    this.#port.received += text;
    this.#port.hear(text);
  }

  async read(wait: Wait): Promise<Uint8Array> {
    for (;;) {
      const bytes = this.#waiting.shift();
      if (bytes !== undefined) return bytes;
      this.#check(wait);
      await new Promise<void>((resolve) => {
        const stop = this.#clock.after(remaining(wait, this.#clock), resolve);
        this.#wake = () => {
          stop();
          resolve();
        };
        wait.signal.addEventListener('abort', this.#wake, { once: true });
      });
      if (this.#waiting.length === 0 && !this.#gone && this.#clock.now() >= wait.deadline)
        throw new FlashError('job.timeout', {});
    }
  }

  async setBaud(baud: number, wait: Wait): Promise<void> {
    this.#check(wait);
    this.#port.act(`baud ${baud}`);
  }

  async setModemLines({ dtr, rts }: { dtr: boolean; rts: boolean }, wait: Wait): Promise<void> {
    this.#check(wait);
    if (this.#port.refuseLines !== undefined) throw this.#port.refuseLines;
    this.#port.act(`dtr ${Number(dtr)} rts ${Number(rts)}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#port.line !== this) return;
    this.#port.line = undefined;
    this.#port.act('close');
  }

  #check(wait: Wait): void {
    if (wait.signal.aborted) throw abortedError(wait.signal);
    if (this.#gone) throw new FlashError('serial.gone', { path: this.facts.path });
  }
}

/** Lists and opens them. */
export function scriptedDoor(clock: Clock, ports: readonly ScriptedPort[]): SerialPorts {
  return {
    name: 'bench',
    virtual: true,
    list: async () => ports.filter((port) => clock.now() >= port.listedFrom).map((port) => port.facts),
    async open(facts, { baud }) {
      const port = ports.find((one) => one.facts.path === facts.path && clock.now() >= one.listedFrom);
      if (port === undefined) throw new FlashError('serial.gone', { path: facts.path });
      const refused = port.refuse();
      if (refused !== undefined) throw refused;
      port.line = new ScriptedLine(port, clock);
      port.act(`open ${baud}`);
      return port.line;
    },
  };
}

/** A shell behind a port: echoes, answers commands, shows its prompt. What a command returns is its answer; undefined: none, no prompt. */
export function shellOn(port: ScriptedPort, run: (command: string) => string | undefined): void {
  let typed = '';
  port.hear = (text) => {
    for (const letter of text) {
      if (letter !== '\r') {
        typed += letter;
        port.say(letter);
        continue;
      }
      const command = typed;
      typed = '';
      port.say('\r\n');
      const answer = command === '' ? '' : run(command);
      if (answer !== undefined) port.say(`${answer === '' ? '' : `${answer}\r\n`}ch> `);
    }
  };
}
