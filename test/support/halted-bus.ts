// Boards that stand still until a test has looked: what a page shows meanwhile stays, on a computer of any speed.
import { realClock, sleep } from '../../main/base/clock.ts';
import type { Wait } from '../../main/base/wait.ts';
import type { ControlSetup, UsbBus, UsbDevice } from '../../main/transports/usb/usb-device.ts';

/** DFU's own requests that move data; what is only asked of a board goes on. */
const download = 1;
const upload = 2;
const lookEveryMs = 10;

/**
 * A bus on which a board, before its next DNLOAD or UPLOAD, waits for as long as this holds of its port.
 * No limit of the core runs out meanwhile: the transfer is given the time it was kept for.
 */
export function haltedBus(stands: (portPath: string) => boolean): (bus: UsbBus) => UsbBus {
  const stand = async (portPath: string, setup: ControlSetup, wait: Wait): Promise<Wait> => {
    const movesData = setup.type === 'class' && [download, upload].includes(setup.request);
    if (!movesData || !stands(portPath)) return wait;
    while (stands(portPath) && !wait.signal.aborted) await sleep(realClock, lookEveryMs);
    return { ...wait, deadline: wait.deadline + 1_000_000 };
  };
  const halted = (device: UsbDevice): UsbDevice => {
    const { portPath } = device.facts;
    return {
      facts: device.facts,
      claim: (...given) => device.claim(...given),
      release: (...given) => device.release(...given),
      setAlternate: (...given) => device.setAlternate(...given),
      clearHalt: (...given) => device.clearHalt(...given),
      controlIn: async (setup, length, wait) =>
        await device.controlIn(setup, length, await stand(portPath, setup, wait)),
      controlOut: async (setup, data, wait) =>
        await device.controlOut(setup, data, await stand(portPath, setup, wait)),
      bulkIn: (...given) => device.bulkIn(...given),
      bulkOut: (...given) => device.bulkOut(...given),
      reset: (wait) => device.reset(wait),
      [Symbol.asyncDispose]: () => device[Symbol.asyncDispose](),
    };
  };
  return (bus) => ({
    name: bus.name,
    virtual: bus.virtual,
    list: (wait) => bus.list(wait),
    watch: (changed) => bus.watch(changed),
    open: async (facts, wait) => halted(await bus.open(facts, wait)),
  });
}
