// Where faults bend what a DFU machine does.
import { DfuStatus } from '../protocols/dfu/constants.ts';
import type { BoardStatistics } from './board.ts';
import type { Fault, FaultScript } from './faults.ts';
import type { Work } from './work-runner.ts';

/** The work as the faults would have it; `block` is its number if it is one. */
export function bendWork(work: Work, faults: FaultScript, block: number, erase: number): Work {
  const isBlock = work.kind === 'block';
  const here = (fault: { at: string; index: number }): boolean =>
    (fault.at === 'block' && isBlock && fault.index === block) ||
    (fault.at === 'erase' && work.kind === 'erase' && fault.index === erase);
  if (faults.strike('stuck-busy', here) !== undefined) return { ...work, ms: Number.POSITIVE_INFINITY };
  const refused = faults.strike('status', here);
  if (refused !== undefined) return { ...work, finish: () => refused.code };
  if (isBlock && faults.strike('drop-write', (fault) => fault.block === block) !== undefined)
    return { ...work, finish: () => DfuStatus.ok };
  return work;
}

/** The cable is pulled while this work goes on. */
export function pulledDuring(
  work: Work,
  faults: FaultScript,
  statistics: BoardStatistics,
): Extract<Fault, { kind: 'vanish' }> | undefined {
  const isBlock = work.kind === 'block';
  return faults.strike('vanish', ({ at }) => {
    if (at.what === 'byte') return isBlock && at.index < statistics.dataBytes;
    if (at.what === 'block') return isBlock && at.index === statistics.blocks - 1;
    return at.what === 'erase' && work.kind === 'erase' && at.index === statistics.erases;
  });
}

/** What an UPLOAD sends in place of `bytes`. */
export function bendUpload(bytes: Uint8Array, faults: FaultScript, nth: number): Uint8Array {
  if (faults.strike('short-upload', (fault) => fault.index === nth) !== undefined)
    return bytes.subarray(0, bytes.length >> 1);
  if (faults.strike('wrong-bytes', (fault) => fault.index === nth) !== undefined)
    return bytes.map((byte, at) => (at === 0 ? byte ^ 1 : byte));
  return bytes;
}
