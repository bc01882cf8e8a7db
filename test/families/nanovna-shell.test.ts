import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startWait } from '../../main/base/wait.ts';
import { SimulatedClock } from '../../main/bench/simulated-clock.ts';
import type { FamilyTools } from '../../main/families/family.ts';
import { askInfo } from '../../main/families/nanovna/info.ts';
import { nanovna } from '../../main/families/nanovna/nanovna.ts';
import { openShell } from '../../main/families/nanovna/shell.ts';
import { afterStepText } from '../../shared/text/families.ts';
import { nanovnaScript, scriptedLine, type ShellScript } from '../support/scripted-line.ts';

const dislord = { manufacturer: 'nanovna.com', product: 'NanoVNA-H4' };
const chibios = { manufacturer: 'STMicroelectronics', product: 'ChibiOS/RT Virtual COM Port' };

function makeTools(stop = new AbortController(), abort = new AbortController()): FamilyTools {
  const clock = new SimulatedClock();
  return {
    clock,
    log: { write: () => undefined },
    wait: startWait(clock, 60_000, abort.signal),
    stop: stop.signal,
  };
}

function makeLine(script: Partial<ShellScript> = {}) {
  const tools = makeTools();
  return { tools, line: scriptedLine(tools.clock, { ...nanovnaScript(), ...script }) };
}

async function infoOf(script: Partial<ShellScript>, usb = dislord) {
  const { tools, line } = makeLine(script);
  return await nanovna.askProgram?.(line, usb, tools);
}

describe('the shell of a NanoVNA', () => {
  it.each([1, 3, 64, 4096])('is understood in pieces of %i bytes', async (chunkBytes) => {
    expect(await infoOf({ chunkBytes })).toEqual({
      name: 'NanoVNA-H4',
      profile: 'nanovna-h4',
      versions: [{ of: 'NanoVNA', version: '1.2.14' }],
      layout: 'dislord',
      lines: ['Board: NanoVNA-H 4', 'Version: 1.2.14 [p:401]', 'Build Time: today', '1.2.14'],
    });
  });

  it('is understood while ModemManager types into it', async () => {
    const noise = (count: number): string =>
      count < 5 ? 'AT\r\nAT?\r\nch> AT+GCAP\r\nAT+GCAP?\r\nch> ' : '';
    expect((await infoOf({ noise }))?.versions).toEqual([{ of: 'NanoVNA', version: '1.2.14' }]);
  });

  it('is asked again where something was typed into the command', async () => {
    // The empty line that looks for the prompt is the first; "info" the second.
    const mangle = (echo: string, count: number): string => (count === 2 ? `AT${echo}` : echo);
    expect((await infoOf({ mangle }))?.profile).toBe('nanovna-h4');
  });

  it('is not looked for for ever where nothing answers', async () => {
    const { tools, line } = makeLine({ dumb: true });
    expect(await openShell(line, tools)).toBeUndefined();
    expect(tools.clock.now()).toBeLessThan(10_000);
  });

  it('is given up where the board never stops printing', async () => {
    const { tools, line } = makeLine();
    const babble = { ...line, read: async () => new Uint8Array(64).fill(0x41) };
    let reads = 0;
    const bounded = {
      ...babble,
      read: async () => {
        if (++reads > 100_000) throw new Error('no bound');
        return await babble.read();
      },
    };
    expect(await openShell(bounded, tools)).toBeUndefined();
  });

  it('ends with the job', async () => {
    const abort = new AbortController();
    const tools = makeTools(undefined, abort);
    abort.abort();
    const line = scriptedLine(tools.clock, nanovnaScript());
    await expect(openShell(line, tools)).rejects.toMatchObject({ code: 'job.aborted' });
  });

  it("is another board's where nothing names a NanoVNA", async () => {
    const answer = (command: string): string[] =>
      command === 'info' ? ['Kernel: 4.0.0', 'Board: Something Else'] : [`${command}?`];
    expect(await infoOf({ answer }, chibios)).toBeUndefined();
  });

  it('of a build that names nothing is told by its commands', async () => {
    const answer = (command: string): string[] =>
      command === 'help'
        ? ['Commands: help exit info version reset data frequencies recall save clearconfig cal']
        : command === 'version'
          ? ['0.8.0']
          : ['Kernel: 4.0.0'];
    expect(await infoOf({ answer }, chibios)).toMatchObject({
      name: 'NanoVNA',
      profile: undefined,
      layout: 'ttrftech',
      versions: [{ of: 'NanoVNA', version: '0.8.0' }],
    });
  });

  it('does not get control characters into what is shown', async () => {
    const answer = (command: string): string[] =>
      command === 'info' ? ['Board: Nano\u001b[31mVNA\u0007'] : [];
    const { tools, line } = makeLine({ answer });
    const shell = await openShell(line, tools);
    if (shell === undefined) throw new Error('no shell');
    const says = await askInfo(shell, dislord);
    // eslint-disable-next-line no-control-regex
    expect(says?.lines.join('')).not.toMatch(/[\u0000-\u001f]/);
  });
});

describe('the calibration of a NanoVNA', () => {
  const says = { name: 'NanoVNA-H4', profile: 'nanovna-h4', versions: [], lines: [] };

  it('is read slot by slot, and what was in use is put back', async () => {
    const { tools, line } = makeLine();
    const extra = await nanovna.extraBackup?.(line, says, tools);
    expect(extra?.facts).toEqual([
      { code: 'calibration-read', slots: [0, 1, 2, 3, 4, 5, 6], restored: 'as-it-was' },
    ]);
    const recalls = line.commands.filter((command) => command.startsWith('recall'));
    expect(recalls).toEqual([0, 1, 2, 3, 4, 5, 6, 1].map((slot) => `recall ${slot}`));
    const text = extra?.files[0]?.text ?? '';
    expect(text).toContain('[slot 6]\nsweep 50006 900000000 5\nfrequencies\n50006\n');
    expect(text).toContain('data 4\n6.40 -0.0e-02\n');
    expect(text).toContain('[slot 1]\n# reads the same as what was in use');
    expect(text).toMatch(/\[slot 3\]\n# it said: Err, default load\n# reads the same as slot 2/);
  });

  it('has five slots on an F072', async () => {
    const { tools, line } = makeLine();
    const extra = await nanovna.extraBackup?.(line, { ...says, profile: 'nanovna-h' }, tools);
    expect(extra?.facts[0]).toMatchObject({ slots: [0, 1, 2, 3, 4] });
  });

  it('says so where what was in use is in no slot', async () => {
    const { answer } = nanovnaScript();
    let recalled = false;
    const { tools, line } = makeLine({
      answer(command) {
        recalled ||= command.startsWith('recall');
        return !recalled && command.startsWith('data')
          ? Array.from({ length: 5 }, () => '9.9 9.9')
          : answer(command);
      },
    });
    const extra = await nanovna.extraBackup?.(line, says, tools);
    expect(extra?.facts[0]).toMatchObject({ restored: 'first-slot' });
    expect(line.commands.at(-1)).toBe('recall 0');
    expect(extra?.files[0]?.text).toContain('[in use]');
    expect(extra?.files[0]?.text).toContain('9.9 9.9');
  });

  it('keeps no term that something else wrote into', async () => {
    const { answer } = nanovnaScript();
    const { tools, line } = makeLine({
      answer: (command) => (command === 'data 4' ? ['0.1 0.2', 'AT+CGMI', '0.1 0.2'] : answer(command)),
    });
    const text = (await nanovna.extraBackup?.(line, says, tools))?.files[0]?.text ?? '';
    expect(text).not.toContain('AT+CGMI');
    expect(text).toContain('data 3\n');
    expect(text).not.toContain('data 4\n');
  });

  it('is let go of when the person stops, with the board put back', async () => {
    const stop = new AbortController();
    const tools = makeTools(stop);
    const script = nanovnaScript();
    const line = scriptedLine(tools.clock, {
      answer(command) {
        if (command === 'recall 2') stop.abort();
        return script.answer(command);
      },
    });
    await expect(nanovna.extraBackup?.(line, says, tools)).rejects.toMatchObject({ code: 'job.stopped' });
    expect(line.commands.at(-1)).toBe('recall 1');
  });

  it('fails with its line, for the job to go on without', async () => {
    const { tools, line } = makeLine();
    line.unplug();
    await expect(nanovna.extraBackup?.(line, says, tools)).rejects.toMatchObject({ code: 'usb.gone' });
  });
});

describe("putting settings back to the program's own", () => {
  const cleared = [{ code: 'settings-cleared' }, { code: 'calibrate' }];
  const leftToDo = [{ code: 'clear-settings', command: 'clearconfig 1234' }, { code: 'calibrate' }];
  const knowing = (lines: readonly string[] | undefined): Partial<ShellScript> => {
    const { answer } = nanovnaScript();
    return { answer: (command) => (command === 'clearconfig 1234' ? lines : answer(command)) };
  };

  it.each<[string, Partial<ShellScript>, readonly object[]]>([
    ['is done where its prompt comes after the command', knowing(['Config cleared']), cleared],
    [
      'is done again where something was typed into the command',
      { ...knowing([]), mangle: (echo, count) => (count === 2 ? `AT${echo}` : echo) },
      cleared,
    ],
    ['is left to the person where the build does not know it', knowing(undefined), leftToDo],
    ['is left to the person where it wants it otherwise', knowing(['usage: clearconfig {key}']), leftToDo],
    ['is left to the person where nothing answers', { dumb: true }, leftToDo],
  ])('%s', async (_what, script, steps) => {
    const { tools, line } = makeLine(script);
    expect(await nanovna.carryOut?.(line, tools)).toEqual(steps);
  });

  it('is nothing that was done where the board went', async () => {
    const { tools, line } = makeLine(knowing([]));
    line.unplug();
    await expect(nanovna.carryOut?.(line, tools)).rejects.toMatchObject({ code: 'usb.gone' });
  });

  it('wants a restart before it is calibrated (devices.md 5.5)', () => {
    expect(afterStepText({ code: 'settings-cleared' })).toMatch(/Switch it off and on/);
  });
});

describe('whatever comes over the line', () => {
  it('never breaks the shell, and never makes it wait for ever', async () => {
    const piece = fc.oneof(
      fc.constantFrom('ch> ', '\r\n', '\r', 'info', 'data 2', 'Board: NanoVNA', '1.0 2.0', 'AT', '\0'),
      fc.string({ maxLength: 20 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(piece, { maxLength: 8 }), { maxLength: 12 }), async (replies) => {
        const tools = makeTools();
        let next = 0;
        const line = scriptedLine(tools.clock, {
          answer: () => [],
          noise: () => (replies[next++] ?? []).join(''),
          mangle: () => (replies[next++] ?? ['info']).join(''),
        });
        const says = await nanovna.askProgram?.(line, chibios, tools);
        for (const text of says?.lines ?? []) expect(text.length).toBeLessThanOrEqual(120);
        expect(tools.clock.now()).toBeLessThan(60_000);
      }),
      { numRuns: 60 },
    );
  });
});
