import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { realClock } from '../../main/base/clock.ts';
import { silentLog } from '../../main/log/log.ts';
import { handCommands } from '../../main/rights/hand-commands.ts';
import { openRights } from '../../main/rights/rights.ts';
import { ruleText } from '../../main/rights/rule.ts';
import { rightsFailures, type RightsResult } from '../../shared/rights.ts';
import { driverGuide } from '../../shared/text/driver-guide.ts';
import { accessTexts, rightsResultText } from '../../shared/text/rights.ts';

const options = { clock: realClock, log: silentLog, terminal: false };

describe('rights on other systems', () => {
  it.each(['win32', 'darwin'] as const)('%s has steps, and nothing is ever run', async (platform) => {
    const rights = openRights({ ...options, platform });
    expect(await rights.status()).toEqual({ system: platform });
    const access = await rights.flashModeAccess('0483:df11', true);
    expect(access.answer).toBe(platform === 'darwin' ? 'yes' : 'unknown');
    expect(accessTexts[access.why].title).not.toBe('');
    expect(await rights.install()).toEqual({ kind: 'wrong-system' });
    expect(await rights.remove()).toEqual({ kind: 'wrong-system' });
    const guide = driverGuide(platform);
    expect(guide.steps.length).toBeGreaterThan(1);
    expect(guide.warning).not.toBe('');
  });

  it('names the one row that is meant, in the form Windows prints it, first', () => {
    const guide = driverGuide('win32', { ids: '0483:df11', face: 'flash', name: '' });
    expect(guide.rows[0]).toMatchObject({ ids: '0483:df11', driver: 'winusb' });
    expect(guide.steps.join('\n')).toContain('USB ID is 0483 DF11');
    expect(guide.steps.join('\n')).toContain('"STM32  BOOTLOADER"');
    // Its other face is shown as the row to leave alone.
    expect(guide.rows.find((row) => row.ids === '0483:5740')?.driver).toBe('leave');
    expect(guide.undo.length).toBeGreaterThan(2);
    expect(guide.notes.join('\n')).toContain('STTub30');
  });

  it('never sends anyone to replace the driver of a serial port', () => {
    const guide = driverGuide('win32', { ids: '0483:5740', face: 'app', name: 'NanoVNA-H' });
    expect(guide.rows[0]?.driver).toBe('leave');
    expect(guide.steps.join('\n')).not.toContain('Zadig');
  });

  it('guides for a device nobody has noted, by its own ids and name', () => {
    const guide = driverGuide('win32', {
      ids: '1234:abcd',
      face: 'flash',
      name: 'My board',
      interfaceNumber: 2,
    });
    expect(guide.steps.join('\n')).toContain('1234 ABCD');
    expect(guide.steps.join('\n')).toContain('"My board"');
    expect(guide.steps.join('\n')).toContain('(Interface 2)');
    expect(guide.notes.join('\n')).not.toContain('STTub30');
  });
});

describe('the words for an ending', () => {
  const endings: RightsResult[] = [
    { kind: 'installed', applied: true },
    { kind: 'installed', applied: false },
    { kind: 'removed', applied: true },
    { kind: 'removed', applied: false },
    { kind: 'cancelled' },
    { kind: 'not-authorised' },
    { kind: 'no-polkit', why: 'no-agent' },
    { kind: 'wrong-system' },
    ...rightsFailures.map((why) => ({ kind: 'failed' as const, why, detail: 'a detail' })),
  ];

  it.each(endings.map((ending) => [ending]))('%j', (ending) => {
    const { title, advice } = rightsResultText(ending, 'seat');
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    expect(advice).toMatch(/^$|^[A-Z][^]*\.$/);
  });
});

it.skipIf(process.platform === 'win32')('the command to copy carries the rule to the letter', () => {
  const command = handCommands.install.split('\nsudo udevadm')[0] ?? '';
  const shown = command.replace(/\| sudo tee [^]*$/, '');
  expect(spawnSync('/bin/sh', ['-c', shown], { encoding: 'utf8' }).stdout).toBe(ruleText);
});
