// The main job on a virtual board, for those who want to see it in the terminal.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ExitCode } from '../../../shared/result.ts';
import { practiceProgram } from '../../bench/boards/nanovna-program.ts';
import { flash } from './jobs.ts';

const forRealBoards = `
That was a virtual board, and its practice backup is removed again. For a real one, plug it in, put it into flash mode, and type:

  npm run rekindle -- devices
  npm run rekindle -- flash FIRMWARE.dfu
  npm run rekindle -- flash FIRMWARE.bin --address 0x08000000
  npm run rekindle -- --help
`;

/** Backs up and flashes a virtual NanoVNA at its real speed. */
export async function demo(options: { json?: boolean }): Promise<ExitCode> {
  const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-demo-'));
  const file = path.join(folder, 'practice-firmware.bin');
  try {
    writeFileSync(file, practiceProgram());
    if (options.json !== true)
      process.stdout.write('Flashing practice firmware to a virtual NanoVNA-H ...\n\n');
    const code = await flash([file], {
      ...options,
      bench: 'nanovna-h',
      address: 0x08000000,
      backup: true,
      backupTo: path.join(folder, 'backup.dfu'),
      verify: true,
      leave: true,
      yes: true,
    });
    if (code === ExitCode.done && options.json !== true) process.stdout.write(forRealBoards);
    return code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
