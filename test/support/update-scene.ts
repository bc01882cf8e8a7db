// A board, a server that may have something for it, and "rekindle update": for each test of a file, ended with it.
import { afterEach } from 'vitest';
import type { VirtualBoard } from '../../main/bench/board.ts';
import type { FirmwareServer } from './firmware-server.ts';
import { serveEach } from './served.ts';
import { makeUpdateShell, type UpdateShell } from './update-shell.ts';

export interface Served {
  readonly server: FirmwareServer;
  readonly shell: UpdateShell;
}

export interface Scene extends Served {
  readonly board: VirtualBoard;
  /** What its flash held. */
  readonly before: Uint8Array;
}

/** To be called once a file. */
export function openScenes(): {
  /** A NanoVNA-H that runs 1.2.3, and a server that has nothing yet. */
  open(): Promise<Scene>;
  /** A server, and no board. @param virtual as `makeUpdateShell` has it */
  serve(virtual?: boolean): Promise<Served>;
  /** Neither. */
  shellAlone(): UpdateShell;
} {
  const servers = serveEach();
  const shells: UpdateShell[] = [];
  afterEach(async () => {
    for (const shell of shells.splice(0)) await shell[Symbol.asyncDispose]();
  });
  const kept = (shell: UpdateShell): UpdateShell => {
    shells.push(shell);
    return shell;
  };
  const serve = async (virtual = true): Promise<Served> => {
    const server = await servers.start();
    return { server, shell: kept(makeUpdateShell(server, virtual)) };
  };
  return {
    async open() {
      const { server, shell } = await serve();
      const board = shell.plug('nanovna-h', { startIn: 'app', firmwareVersion: '1.2.3' });
      return { server, shell, board, before: board.flash.slice() };
    },
    serve,
    shellAlone: () => kept(makeUpdateShell()),
  };
}

const pageBytes = 2048;

/** What a flash holds once a program was put over it: what is left of its last page is blank, and nothing else has changed. */
export function withProgram(before: Uint8Array, program: Uint8Array): Uint8Array {
  const after = before.slice();
  after.fill(0xff, 0, Math.ceil(program.length / pageBytes) * pageBytes);
  after.set(program);
  return after;
}
