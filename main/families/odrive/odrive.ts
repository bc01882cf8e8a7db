// ODrive v3 found in the boot ROM of its STM32F405 (devices.md 3): to be repaired, its version known by its one-time memory.
import { FlashError, isFlashError } from '../../../shared/errors/flash-error.ts';
import { sleepWithin } from '../../base/wait.ts';
import type { Family, FamilyTools, LoaderReader, LoaderSays, OdriveRecord } from '../family.ts';
import { gate, knownLater } from './gate.ts';
import { boardVersion, otpRange, readRecord } from './otp.ts';

/** A read that gave nothing is tried once more after this, ms (devices.md 3.7, companion errors). */
const againAfterMs = 500;
/** The first version whose brake resistor's gates are held down while the boot ROM runs (devices.md 3.3). */
const leastMinor = 5;
const profile = 'odrive-v3';

export const odrive: Family = {
  id: 'odrive',
  gate,
  knownLater,
  isNamedIn: (image) =>
    image.facts.some((fact) => fact.code === 'product' && fact.product.startsWith('ODrive v3')),

  async askLoader(loader, tools) {
    if (!loader.kinds.includes('otp')) return undefined;
    return saysOf(await readCalmly(loader, tools));
  },

  entryRefusal({ product }, board) {
    const minor = /^ODrive 3\.(\d+)/.exec(product)?.[1];
    return minor !== undefined && Number(minor) >= leastMinor
      ? undefined
      : new FlashError('device.unsafe-entry', { board, why: 'brake-resistor' });
  },

  afterwards: ({ app }) => ({
    steps: app === 'running' ? [] : [{ code: 'settings-may-not-fit' }],
  }),
};

async function readCalmly(loader: LoaderReader, tools: FamilyTools): Promise<OdriveRecord> {
  for (let attempt = 0; ; attempt++) {
    try {
      const record = readRecord(await loader.read('otp', otpRange));
      if (record.kind === 'board' || record.why !== 'unreadable' || attempt > 0) return record;
    } catch (error) {
      if (isFlashError(error, 'job.aborted', 'job.stopped', 'usb.gone')) throw error;
      if (attempt > 0) return { kind: 'unknown', why: 'unreadable' };
    }
    await sleepWithin(tools.wait, tools.clock, againAfterMs);
  }
}

function saysOf(record: OdriveRecord): LoaderSays {
  if (record.kind === 'unknown') {
    const { why } = record;
    return {
      name: undefined,
      profile: undefined,
      odrive: record,
      facts: [{ code: 'odrive-board-unknown', why }],
    };
  }
  const board = boardVersion(record);
  return {
    name: `ODrive ${board}`,
    profile,
    odrive: record,
    facts: [{ code: 'odrive-board', board }],
  };
}
