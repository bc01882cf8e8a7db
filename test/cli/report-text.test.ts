// What a person reads while a job runs, where there is no terminal to draw bars on.
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { TextReporter } from '../../main/cli/report-text.ts';
import type { JobEvent } from '../../shared/job-events.ts';

function shown(...events: JobEvent[]): string[] {
  const out = new PassThrough();
  const reporter = new TextReporter(Object.assign(out, { isTTY: false }) as unknown as NodeJS.WriteStream);
  for (const event of events) reporter.show(event);
  return String(out.read() ?? '').split('\n');
}

const started = (step: 'erase' | 'write'): JobEvent => ({ type: 'step-started', step, totalBytes: 100 });

describe('the text report', () => {
  it('says what unplugging means once, at the first step that changes the board', () => {
    const unplugged = (lines: string[]): number[] =>
      lines.flatMap((line, at) => (line.includes('If you unplug now') ? [at] : []));
    expect(unplugged(shown(started('erase'), started('write')))).toEqual([0]);
    // A board that erases while it writes has no erase step.
    expect(
      unplugged(
        shown({ type: 'step-skipped', step: 'erase', reason: 'erases-while-writing' }, started('write')),
      ),
    ).toEqual([1]);
  });

  it('cannot be repainted by a board', () => {
    const lines = shown({
      type: 'board',
      board: 'Nano\u001b[2J\u202eVNA',
      portPath: '1-1',
      virtual: true,
      evidence: 'USB\r\n + Written',
    });
    expect(lines).toEqual(['Virtual board: Nano[2JVNA, port 1-1', '         USB + Written', '']);
  });

  it('leaves out a rate where no time has passed', () => {
    expect(shown({ type: 'step-done', step: 'write', durationMs: 0, bytes: 2048 })[0]).toMatch(
      /2 KB in 0\.0 s$/,
    );
  });

  it('tells of ways into flash mode that led nowhere, and who has the port', () => {
    const refused = {
      kind: 'serial-command',
      outcome: 'not-possible',
      code: 'serial.busy',
      params: { path: '/dev/ttyACM0', holder: 'minicom (7)' },
    } as const;
    expect(
      shown(
        { type: 'waiting', for: 'serial-port', holder: undefined, modemManager: true },
        { type: 'tried', tried: refused },
        { type: 'tried', tried: { kind: 'dfu-detach', outcome: 'worked' } },
      ),
    ).toEqual([
      expect.stringMatching(/most likely by ModemManager.*Waiting for it to let go\.$/),
      expect.stringMatching(/A command on its serial port was not possible: minicom \(7\) has .*Close it/),
      '',
    ]);
  });
});
