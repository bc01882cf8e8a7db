// Finding a board again that was sent into another mode: on its own port, or, because hubs and hands move boards, on another.
// By port first, then by a number of its own, and where neither tells, by a person's word (devices.md 7 rule 1).
import { FlashError } from '../../shared/errors/flash-error.ts';
import { formatIds } from '../../shared/hex.ts';
import type { Clock } from '../base/clock.ts';
import { checkWait, shrink, type Wait } from '../base/wait.ts';
import type { UsbBus, UsbDeviceFacts } from '../transports/usb/usb-device.ts';
import { ended, listCalmly, nextHint, type Before } from './return.ts';

/** While a person thinks, the bus is looked at this often besides every hint from it, ms. */
const lookWhileAskingMs = 1_000;

/** The board as it stood before it was sent away. */
export interface SentAway extends Before {
  /** Ports where something stood then: what comes back there is that, and not this board. */
  readonly taken: ReadonlySet<string>;
}

/** A person says which of them it is, or that it is none. Resolves soon once `withdrawn`. */
export type Which = (
  candidates: readonly UsbDeviceFacts[],
  withdrawn: AbortSignal,
) => Promise<UsbDeviceFacts | undefined>;

/** What tells one board from others that came. */
export interface Telling {
  /** By its ids and descriptors, before it is opened. */
  readonly accept: (facts: UsbDeviceFacts) => boolean;
  /** Whether a number of its own proves it; asked once for each arrival on another port. */
  readonly isSame: (facts: UsbDeviceFacts) => Promise<boolean>;
  /** Undefined where there is nobody to ask. */
  readonly which: Which | undefined;
}

/**
 * Waits until the board is back. What may be it on another port, and is not proven, is asked for once the time is over;
 * the question is withdrawn when what is there changes, and asked anew where it is still open.
 * @returns undefined when nothing acceptable came within `limitMs`
 * @throws FlashError `device.elsewhere` with nobody to ask, `question.declined`, `job.aborted`, `job.timeout`
 */
export async function waitForCounterpart(
  bus: UsbBus,
  before: SentAway,
  options: Telling & { readonly clock: Clock; readonly limitMs: number; readonly wait: Wait },
): Promise<UsbDeviceFacts | undefined> {
  const { clock, limitMs, isSame, which } = options;
  const look = async (): Promise<UsbDeviceFacts[]> =>
    (await listCalmly(bus, options.wait)).filter((facts) => mayBeIt(facts, before) && options.accept(facts));
  let wait = shrink(options.wait, clock, limitMs);
  const examined = new Set<string>();
  for (;;) {
    const arrived = await look();
    const own = arrived.find((facts) => facts.portPath === before.portPath);
    if (own !== undefined) return own;
    for (const facts of arrived) {
      if (examined.has(keyOf(facts))) continue;
      examined.add(keyOf(facts));
      if (await isSame(facts)) return facts;
    }
    if (!(await ended(bus, wait, options.wait, clock))) continue;
    if (arrived.length === 0) return undefined;
    if (which === undefined) throw elsewhere(before, arrived);
    const answer = await askAmong(arrived, which, { bus, clock, wait: options.wait, look });
    if (answer === 'none') throw new FlashError('question.declined', { question: 'which-board' });
    if (answer !== 'changed') return answer;
    wait = shrink(options.wait, clock, limitMs);
  }
}

/** Asks for as long as what is there stays as it is. */
async function askAmong(
  candidates: readonly UsbDeviceFacts[],
  which: Which,
  {
    bus,
    clock,
    wait,
    look,
  }: { bus: UsbBus; clock: Clock; wait: Wait; look: () => Promise<UsbDeviceFacts[]> },
): Promise<UsbDeviceFacts | 'none' | 'changed'> {
  const there = keysOf(candidates);
  const answered = new AbortController();
  const withdrawn = new AbortController();
  const watch = async (): Promise<boolean> => {
    const signal = AbortSignal.any([answered.signal, wait.signal]);
    try {
      for (;;) {
        await nextHint(bus, clock, lookWhileAskingMs, { signal, deadline: wait.deadline });
        checkWait(wait, clock);
        if (keysOf(await look()) !== there) return true;
      }
    } catch (error) {
      if (answered.signal.aborted) return false;
      throw error;
    } finally {
      withdrawn.abort();
    }
  };
  const asking = which(candidates, withdrawn.signal).finally(() => answered.abort());
  const [changed, chosen] = await Promise.all([watch(), asking]);
  if (changed) return 'changed';
  if (chosen === undefined) return 'none';
  return (await look()).some((facts) => keyOf(facts) === keyOf(chosen)) ? chosen : 'changed';
}

function mayBeIt(facts: UsbDeviceFacts, before: SentAway): boolean {
  return facts.portPath === before.portPath
    ? facts.generation !== before.generation
    : !before.taken.has(facts.portPath);
}

function elsewhere({ portPath }: Before, arrived: readonly UsbDeviceFacts[]): FlashError {
  const found = arrived.map((one) => `${one.portPath}  USB ${formatIds(one.vendorId, one.productId)}`);
  return new FlashError('device.elsewhere', { portPath, found });
}

function keysOf(devices: readonly UsbDeviceFacts[]): string {
  return devices.map(keyOf).toSorted().join('\n');
}

function keyOf({ portPath, generation }: Before): string {
  return `${portPath} ${generation}`;
}
