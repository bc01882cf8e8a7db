// A bus lent to a child process: the boards stay with the parent, and outlive the child as real boards would.
import type { ChildProcess } from 'node:child_process';
import { realClock } from '../../../main/base/clock.ts';
import { startWait, type Wait } from '../../../main/base/wait.ts';
import type {
  ControlSetup,
  UsbBus,
  UsbDevice,
  UsbDeviceFacts,
} from '../../../main/transports/usb/usb-device.ts';
import type { ErrorCode, ErrorParams } from '../../../shared/errors/codes.ts';
import { FlashError, toFlashError } from '../../../shared/errors/flash-error.ts';

/** What crosses the channel; bytes need its advanced serialisation. */
interface Request {
  readonly id: number;
  readonly handle: number;
  readonly what: 'list' | 'open' | 'close' | Exclude<keyof UsbDevice, 'facts' | symbol>;
  readonly values: readonly unknown[];
}
type Answer = { readonly id: number } & (
  { readonly value: unknown } | { readonly code: ErrorCode; readonly params: object }
);

const limitMs = 30_000;

/**
 * The parent's end. What the child had open is closed when it ends.
 * @param served called after each request that was answered, with its setup where it was a control transfer
 */
export function lendBus(
  bus: UsbBus,
  child: ChildProcess,
  served: (setup: ControlSetup | undefined) => void,
): void {
  const gone = new AbortController();
  const handles = new Map<number, UsbDevice>();
  let next = 1;
  child.once('exit', () => {
    gone.abort();
    for (const device of handles.values()) void device[Symbol.asyncDispose]();
  });
  const act = async ({ handle, what, values }: Request): Promise<unknown> => {
    const wait = startWait(realClock, limitMs, gone.signal);
    if (what === 'list') return await bus.list(wait);
    if (what === 'open') {
      // Taken before the wait: others are opened meanwhile.
      const opened = next++;
      handles.set(opened, await bus.open(values[0] as UsbDeviceFacts, wait));
      return opened;
    }
    const device = handles.get(handle);
    if (device === undefined) throw new FlashError('usb.gone', {});
    if (what === 'close') {
      handles.delete(handle);
      await device[Symbol.asyncDispose]();
      return undefined;
    }
    const method = device[what].bind(device) as (...all: unknown[]) => Promise<unknown>;
    return await method(...values, wait);
  };
  child.on('message', (message: { lent?: Request }) => {
    const request = message.lent;
    if (request === undefined) return;
    const reply = (answer: Answer): void => {
      if (child.connected) child.send({ lent: answer }, () => undefined);
      const isControl = request.what === 'controlIn' || request.what === 'controlOut';
      served(isControl ? (request.values[0] as ControlSetup) : undefined);
    };
    const { id } = request;
    act(request).then(
      (value) => reply({ id, value }),
      (error: unknown) => {
        const { code, params } = toFlashError(error);
        reply({ id, code, params });
      },
    );
  });
}

/** The child's end. */
export function borrowedBus(): UsbBus {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let next = 1;
  process.on('message', ({ lent }: { lent: Answer }) => {
    const one = waiting.get(lent.id);
    waiting.delete(lent.id);
    if ('value' in lent) one?.resolve(lent.value);
    else one?.reject(new FlashError(lent.code, lent.params as ErrorParams[ErrorCode]));
  });
  const ask = <T>(what: Request['what'], handle = 0, ...values: unknown[]): Promise<T> =>
    new Promise((resolve, reject) => {
      const id = next++;
      waiting.set(id, { resolve: (value) => resolve(value as T), reject });
      process.send?.({ lent: { id, handle, what, values } satisfies Request });
    });
  return {
    name: 'lent',
    virtual: false,
    list: () => ask('list'),
    watch: () => ({ [Symbol.dispose]: () => undefined }),
    open: async (facts) => {
      const handle = await ask<number>('open', 0, facts);
      return {
        facts,
        claim: (number: number, _wait: Wait) => ask('claim', handle, number),
        release: (number: number, _wait: Wait) => ask('release', handle, number),
        setAlternate: (number: number, alternate: number) => ask('setAlternate', handle, number, alternate),
        clearHalt: (endpoint: number) => ask('clearHalt', handle, endpoint),
        controlIn: (setup: ControlSetup, length: number) => ask('controlIn', handle, setup, length),
        controlOut: (setup: ControlSetup, data: Uint8Array) => ask('controlOut', handle, setup, data.slice()),
        bulkIn: (endpoint: number, length: number) => ask('bulkIn', handle, endpoint, length),
        bulkOut: (endpoint: number, data: Uint8Array) => ask('bulkOut', handle, endpoint, data.slice()),
        reset: () => ask('reset', handle),
        [Symbol.asyncDispose]: () => ask('close', handle),
      };
    },
  };
}
