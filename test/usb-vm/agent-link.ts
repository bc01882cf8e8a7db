import { randomBytes } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { readLines } from './lines.ts';
import type { AgentCommandName, AgentCommands, AgentConfiguration, AgentMessage } from './messages.ts';

/** Gets a program's output as it comes. */
export type OutputListener = (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void;

interface Waiting {
  readonly resolve: (gives: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onOutput: OutputListener | undefined;
}

/** The host's end of the connection to the agent: one agent, known by its token. */
export class AgentLink {
  readonly #server = createServer({ noDelay: true }, (socket) => this.#welcome(socket));
  readonly #token = randomBytes(16).toString('hex');
  readonly #waiting = new Map<number, Waiting>();
  #socket: Socket | undefined;
  #nextId = 1;
  #over: Error | undefined;
  #onConnected: () => void = () => undefined;
  /** Resolves when the agent has connected. */
  readonly connected = new Promise<void>((resolve) => (this.#onConnected = resolve));

  /** Listens on 127.0.0.1; the answer is what the agent has to be told. */
  listen(): Promise<AgentConfiguration> {
    return new Promise((resolve, reject) => {
      this.#server.on('error', reject);
      this.#server.listen(0, '127.0.0.1', () => {
        const address = this.#server.address();
        const port = typeof address === 'object' && address !== null ? address.port : 0;
        resolve({ host: '10.0.2.2', port, token: this.#token });
      });
    });
  }

  /**
   * Sends one command. Returns its number, by which a spawned program is killed, and its answer.
   * The answer rejects with the agent's words, or when the connection has ended.
   */
  ask<Name extends AgentCommandName>(
    command: Name,
    takes: AgentCommands[Name]['takes'],
    onOutput?: OutputListener,
  ): { id: number; answer: Promise<AgentCommands[Name]['gives']> } {
    const id = this.#nextId++;
    const answer = new Promise<AgentCommands[Name]['gives']>((resolve, reject) => {
      const over =
        this.#over ?? (this.#socket === undefined ? new Error('the agent is not connected') : undefined);
      if (over !== undefined) {
        reject(over);
        return;
      }
      // The agent answers each command with the type the table in `messages.ts` gives it.
      this.#waiting.set(id, { resolve: resolve as (gives: unknown) => void, reject, onOutput });
      this.#socket?.write(`${JSON.stringify({ id, command, takes })}\n`);
    });
    return { id, answer };
  }

  /** Ends the connection, and with it the agent and the guest; what still waits is rejected with `reason`. */
  close(reason: string): void {
    this.#over ??= new Error(reason);
    this.#server.close();
    this.#socket?.destroy();
    for (const { reject } of this.#waiting.values()) reject(this.#over);
    this.#waiting.clear();
  }

  #welcome(socket: Socket): void {
    socket.on('error', () => undefined);
    let known = false;
    readLines(socket, (line) => {
      if (known) {
        this.#take(JSON.parse(line) as AgentMessage);
      } else if (line === this.#token && this.#socket === undefined) {
        known = true;
        this.#socket = socket;
        socket.on('close', () => this.close('the agent in the guest has gone'));
        this.#onConnected();
      } else {
        socket.destroy();
      }
    });
  }

  #take(message: AgentMessage): void {
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) return;
    if (message.kind === 'output') {
      waiting.onOutput?.(message.stream, new Uint8Array(Buffer.from(message.base64, 'base64')));
      return;
    }
    this.#waiting.delete(message.id);
    if (message.kind === 'error') waiting.reject(new Error(`in the guest: ${message.message}`));
    else waiting.resolve(message.gives);
  }
}
