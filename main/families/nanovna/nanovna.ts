// NanoVNA, NanoVNA-H and NanoVNA-H4 (devices.md 5): a shell while the program runs, calibration worth keeping, two layouts.
import { calibrationText } from '../../../shared/text/families.ts';
import type { AfterInput, Afterwards, ExtraBackup, Family } from '../family.ts';
import { readCalibration, slotsOf } from './calibration.ts';
import { bringsItsOwn, gate, keptOnBoard, layoutOfFile, productOf } from './gate.ts';
import { askInfo } from './info.ts';
import { openShell } from './shell.ts';

/** Puts settings back to the program's own; the number is part of it (devices.md 5.4, 5.8). */
const clearCommand = 'clearconfig 1234';

const unread: ExtraBackup = { files: [], facts: [{ code: 'calibration-not-read' }] };

export const nanovna: Family = {
  id: 'nanovna',
  gate,
  isNamedIn: (image) => productOf(image) !== undefined,
  // Whose program it runs, its shell says, or its bytes.
  knownLater: () => ({ asks: [], tells: ['calibration-lost'] }),
  afterwards,

  async askProgram(line, usb, tools) {
    const shell = await openShell(line, tools);
    return shell === undefined ? undefined : await askInfo(shell, usb);
  },

  async extraBackup(line, says, tools) {
    const shell = await openShell(line, tools);
    if (shell === undefined) return unread;
    const calibration = await readCalibration(shell, slotsOf(says), tools);
    const slots = calibration.slots.filter(({ setting }) => setting !== undefined);
    if (calibration.inUse === undefined && slots.length === 0) return unread;
    const { restored } = calibration;
    return {
      files: [{ kind: 'calibration', text: calibrationText(says, calibration) }],
      facts: [{ code: 'calibration-read', slots: slots.map(({ number }) => number), restored }],
    };
  },

  async carryOut(line, tools) {
    const shell = await openShell(line, tools);
    // Only its own prompt after it says that it was heard: others may have typed into it, and some builds do not know it.
    const heard = await shell?.ask(clearCommand, (lines) => !lines.some((one) => /^usage|\?$/i.test(one)));
    return [
      heard === undefined ? { code: 'clear-settings', command: clearCommand } : { code: 'settings-cleared' },
      { code: 'calibrate' },
    ];
  },
};

/** The old program's settings mean nothing to the new one, or worse (devices.md 5.5). */
function afterwards(input: AfterInput): Afterwards {
  const before = keptOnBoard(input)?.layout;
  const after = input.after?.layout ?? input.images.map(layoutOfFile).find((one) => one !== undefined);
  if (before === undefined || after === undefined || before === after) return { steps: [] };
  if (bringsItsOwn(input)) return { steps: [] };
  const otherwise = { code: 'clear-settings', command: clearCommand } as const;
  if (input.after === undefined) return { steps: [otherwise, { code: 'calibrate' }] };
  const question = {
    id: 'clear-settings',
    flag: '--accept clear-settings',
    detail: input.after.name,
  } as const;
  return { steps: [], offer: { question, otherwise } };
}
