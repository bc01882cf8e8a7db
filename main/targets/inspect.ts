// What can be told of a board by opening it for a moment: strings and memory maps, nothing that changes it.
import type { AlternateReport } from '../../shared/board.ts';
import type { FlashError } from '../../shared/errors/flash-error.ts';
import { isFlashError, toFlashError } from '../../shared/errors/flash-error.ts';
import type { QuirkFlags } from '../../shared/quirks.ts';
import type { Clock } from '../base/clock.ts';
import { shrink, type Wait } from '../base/wait.ts';
import type { DfuFunction } from '../protocols/dfu/descriptor.ts';
import { readStringDescriptor } from '../transports/usb/strings.ts';
import type { UsbBus, UsbDevice, UsbDeviceFacts } from '../transports/usb/usb-device.ts';
import { readAlternateNames, type NamedAlternate } from './alternate-names.ts';
import { kindOf, regionsFromMaps } from './regions.ts';

/** The texts of a board, and why they could not be read where they could not. */
export interface Inspection {
  readonly manufacturer: string;
  readonly product: string;
  readonly serial: string;
  readonly alternates: readonly AlternateReport[];
  readonly problem: FlashError | undefined;
}

/** A board that does not answer strings within this is shown without them, ms. */
const inspectLimitMs = 5_000;

/**
 * Opens, reads and closes. Never rejects but for the caller's own wait: what went wrong is in `problem`.
 * @throws FlashError `job.aborted`
 */
export async function inspectDevice(
  bus: UsbBus,
  facts: UsbDeviceFacts,
  dfu: DfuFunction | undefined,
  quirks: QuirkFlags,
  options: { clock: Clock; wait: Wait },
): Promise<Inspection> {
  const wait = shrink(options.wait, options.clock, inspectLimitMs);
  const unnamed = dfu?.alternates.map(({ alternate }) => ({ alternate, name: '' })) ?? [];
  let inspection: Inspection = {
    manufacturer: '',
    product: '',
    serial: '',
    alternates: unnamed.map(withoutMap),
    problem: undefined,
  };
  try {
    await using device = await bus.open(facts, wait);
    inspection = {
      ...inspection,
      manufacturer: await text(device, facts.manufacturerIndex, wait),
      product: await text(device, facts.productIndex, wait),
      serial: await text(device, facts.serialIndex, wait),
    };
    if (dfu === undefined) return inspection;
    const names = await readAlternateNames(device, dfu, wait, options.clock);
    inspection = { ...inspection, alternates: names.map(withoutMap) };
    if (!dfu.dfuse) return inspection;
    return { ...inspection, alternates: await regionsFromMaps(device, names, quirks, wait) };
  } catch (error) {
    if (isFlashError(error, 'job.aborted')) throw error;
    return { ...inspection, problem: toFlashError(error) };
  }
}

function withoutMap({ alternate, name }: NamedAlternate): AlternateReport {
  return { alternate, name, kind: kindOf(name), runs: [] };
}

async function text(device: UsbDevice, index: number, wait: Wait): Promise<string> {
  if (index === 0) return '';
  try {
    return (await readStringDescriptor(device, index, wait))?.text ?? '';
  } catch (error) {
    if (isFlashError(error, 'job.aborted', 'usb.gone')) throw error;
    return '';
  }
}
