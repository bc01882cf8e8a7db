// wBlockNum has 16 bits: what happens when an image is longer than that reaches (dfu.md 1.9, 2.3).
import { describe, expect, it } from 'vitest';
import { realClock } from '../../main/base/clock.ts';
import { startWait } from '../../main/base/wait.ts';
import { silentLog } from '../../main/log/log.ts';
import { DfuState } from '../../main/protocols/dfu/constants.ts';
import type { DfuFunction } from '../../main/protocols/dfu/descriptor.ts';
import { sendImage } from '../../main/protocols/dfu/download.ts';
import { PollPolicy } from '../../main/protocols/dfu/poll.ts';
import { DfuRequests } from '../../main/protocols/dfu/requests.ts';
import type { DfuSession } from '../../main/protocols/dfu/session.ts';
import { writeRun } from '../../main/protocols/dfuse/write.ts';
import type { ControlSetup, UsbDevice } from '../../main/transports/usb/usb-device.ts';

const transferSize = 8;

/** A device that takes everything at once; keeps each block's number, and each address set. */
function wideSession(): { session: DfuSession; blocks: number[]; addresses: number[] } {
  const blocks: number[] = [];
  const addresses: number[] = [];
  let state: number = DfuState.dfuIdle;
  const device = {
    facts: { portPath: '1-1' },
    controlOut(setup: ControlSetup, data: Uint8Array) {
      if (setup.request === 6) state = DfuState.dfuIdle;
      if (setup.request !== 1) return Promise.resolve();
      state = DfuState.downloadIdle;
      if (data[0] === 0x21 && data.length === 5)
        addresses.push(new DataView(data.buffer, data.byteOffset).getUint32(1, true));
      else blocks.push(setup.value);
      return Promise.resolve();
    },
    controlIn: () => Promise.resolve(Uint8Array.of(0, 0, 0, 0, state, 0)),
  } as unknown as UsbDevice;
  const dfu = { canDownload: true, reportedTransferSize: transferSize } as DfuFunction;
  const poll = new PollPolicy({ obedient: false, memory: new Set(), deviceKey: 'wide' });
  const requests = new DfuRequests(device, 0, realClock);
  const session = { device, dfu, requests, transferSize, poll, quirks: {}, clock: realClock, log: silentLog };
  return { session, blocks, addresses };
}

const flow = () => ({
  wait: startWait(realClock, 60_000),
  stop: new AbortController().signal,
  progress: () => undefined,
});
const count = 0x10000 + 10;

describe('an image of more blocks than a number holds', () => {
  it('plain DFU: the number wraps to 0', async () => {
    const { session, blocks } = wideSession();
    await sendImage(session, new Uint8Array(count * transferSize), flow());
    expect(blocks).toHaveLength(count);
    expect(blocks.slice(0xfffe, 0x10002)).toEqual([0xfffe, 0xffff, 0, 1]);
  });

  it('DfuSe: the address is set again, and numbers start at 2 again', async () => {
    const { session, blocks, addresses } = wideSession();
    await writeRun(session, 0x08000000, new Uint8Array(count * transferSize), flow());
    expect(addresses).toEqual([0x08000000, 0x08000000 + (0x10000 - 2) * transferSize]);
    expect(blocks.slice(0xfffc, 0x10000)).toEqual([0xfffe, 0xffff, 2, 3]);
    expect(blocks).toHaveLength(count);
  });
});
