import { mkdirSync, readFileSync, writeFileSync, chmodSync } from 'node:fs';
import { release } from 'node:os';
import { dirname } from 'node:path';
import type { AgentMessage, AgentRequest } from '../messages.ts';
import { prepareFiles } from './prepare.ts';
import { killSpawned, runToEnd, spawnFor } from './programs.ts';
import { attach, detach, waitFree, waitPresent } from './vhci.ts';

/** Carries out one request; what it gives is in `AgentCommands`. */
export async function carryOut(
  request: AgentRequest,
  send: (message: AgentMessage) => void,
): Promise<unknown> {
  switch (request.command) {
    case 'hello':
      prepareFiles(request.takes.repository);
      return { kernel: release(), uptimeMs: performance.now() };
    case 'attach':
      await attach(request.takes);
      return undefined;
    case 'detach':
      detach(request.takes.vhciPort);
      return undefined;
    case 'waitFree':
      await waitFree(request.takes.vhciPort, request.takes.limitMs);
      return undefined;
    case 'waitPresent':
      return waitPresent(request.takes.vhciPort, request.takes.limitMs);
    case 'settle':
      await runToEnd('udevadm', ['settle', '--timeout=10']);
      return undefined;
    case 'spawn':
      return spawnFor(request.id, request.takes, send);
    case 'kill':
      killSpawned(request.takes.spawnId, request.takes.signal as NodeJS.Signals);
      return undefined;
    case 'readFile':
      return { base64: readFileSync(request.takes.path).toString('base64') };
    case 'writeFile':
      mkdirSync(dirname(request.takes.path), { recursive: true });
      writeFileSync(request.takes.path, Buffer.from(request.takes.base64, 'base64'));
      chmodSync(request.takes.path, request.takes.mode);
      return undefined;
    case 'time':
      return { monotonicMs: performance.now(), epochMs: Date.now() };
  }
}
