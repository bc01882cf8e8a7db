import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex } from '../../shared/hex.ts';
import {
  chooseTransferSize,
  findDfuFunctions,
  parseFunctional,
} from '../../main/protocols/dfu/descriptor.ts';
import { parseConfigurationDescriptor } from '../../main/transports/usb/descriptors.ts';
import type { UsbDeviceFacts } from '../../main/transports/usb/usb-device.ts';
import { quirksFor } from '../../main/devices/quirks.ts';

function facts(configuration: string, changes: Partial<UsbDeviceFacts> = {}): UsbDeviceFacts {
  const parsed = parseConfigurationDescriptor(fromHex(configuration));
  return {
    bus: 'test',
    portPath: '1-1',
    busNumber: 1,
    address: 2,
    generation: 1,
    vendorId: 0x1234,
    productId: 0x5678,
    bcdDevice: 0x0100,
    bcdUsb: 0x0200,
    deviceClass: 0,
    deviceSubClass: 0,
    maxPacketSize0: 64,
    speed: 'full',
    manufacturerIndex: 0,
    productIndex: 0,
    serialIndex: 0,
    configurationValue: parsed.configurationValue,
    configurationExtra: parsed.extra,
    interfaces: parsed.interfaces,
    ...changes,
  };
}
const header = '09 02 00 00 01 01 00 80 32';
const dfuse = `${header} 09 04 00 00 00 fe 01 02 04 09 04 00 01 00 fe 01 02 05 09 21 0b ff 00 00 08 1a 01`;

describe('finding the functional descriptor', () => {
  it('after the last alternate only', () => {
    const [dfu] = findDfuFunctions(facts(dfuse));
    expect(dfu).toMatchObject({
      dfuse: true,
      mode: 'dfu',
      reportedTransferSize: 2048,
      willDetach: true,
      canUpload: true,
      assumed: false,
    });
    expect(dfu?.alternates).toHaveLength(2);
  });

  it('in the configuration, before any interface', () => {
    const [dfu] = findDfuFunctions(facts(`${header} 07 21 03 00 00 40 00 09 04 00 00 00 fe 01 00 00`));
    expect(dfu).toMatchObject({ version: 0x0100, reportedTransferSize: 64, assumed: false });
  });

  it('nowhere: DFU 1.0 and both directions are assumed', () => {
    const [dfu] = findDfuFunctions(facts(`${header} 09 04 00 00 00 fe 01 02 00`));
    expect(dfu).toMatchObject({ version: 0x0100, canDownload: true, canUpload: true, assumed: true });
  });

  it('behind a descriptor of another kind, and not at all behind a broken one', () => {
    expect(parseFunctional(fromHex('05 24 00 10 01 09 21 0b ff 00 00 08 1a 01'))?.version).toBe(0x011a);
    expect(parseFunctional(fromHex('00 24 09 21 0b ff 00 00 08 1a 01'))).toBeUndefined();
  });

  it('takes any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const parsed = parseConfigurationDescriptor(bytes);
        findDfuFunctions(facts(header, { interfaces: parsed.interfaces, configurationExtra: parsed.extra }));
      }),
    );
  });
});

describe('telling program from flash mode', () => {
  const one = (protocol: string, tail = '07 21 03 00 00 40 00'): string =>
    `${header} 09 04 00 00 00 fe 01 ${protocol} 00 ${tail}`;
  it.each([
    ['protocol 2', one('02'), {}, 'dfu'],
    ['protocol 1', one('01'), {}, 'runtime'],
    ['protocol 0, DfuSe', one('00', '09 21 0b ff 00 00 08 1a 01'), {}, 'dfu'],
    ['DFU 1.0 by its device class', one('00'), { deviceClass: 0xfe, deviceSubClass: 1 }, 'dfu'],
    ['protocol 0 and nothing else', one('00'), {}, 'runtime'],
    ['LPC boot ROM', one('01'), { vendorId: 0x1fc9, productId: 0x000c }, 'dfu'],
    ['Jabra alone', one('00'), { vendorId: 0x0b0e, productId: 0x0001 }, 'dfu'],
  ] as const)('%s', (_name, configuration, changes, mode) => {
    const device = facts(configuration, changes);
    expect(findDfuFunctions(device, quirksFor(device))[0]?.mode).toBe(mode);
  });
  it('1.01 means 1.1, and the Maple is corrected', () => {
    expect(findDfuFunctions(facts(one('02', '09 21 03 00 00 40 00 01 01')))[0]?.version).toBe(0x0110);
    const maple = facts(one('02', '09 21 03 00 00 40 00 00 02'), {
      vendorId: 0x1eaf,
      productId: 3,
      bcdDevice: 0x0200,
    });
    expect(findDfuFunctions(maple, quirksFor(maple))[0]?.version).toBe(0x0110);
  });
});

describe('the transfer size', () => {
  const sized = (bytes: number, packet = 64): unknown => {
    const low = (bytes & 0xff).toString(16).padStart(2, '0');
    const high = (bytes >> 8).toString(16).padStart(2, '0');
    const [dfu] = findDfuFunctions(
      facts(`${header} 09 04 00 00 00 fe 01 02 00 09 21 0b ff 00 ${low} ${high} 10 01`),
    );
    return dfu === undefined ? undefined : chooseTransferSize(dfu, packet, undefined);
  };
  it.each([
    [2048, { bytes: 2048, reason: 'reported' }],
    [8192, { bytes: 4096, reason: 'capped' }],
    [0xffff, { bytes: 1024, reason: 'assumed' }],
    [32, { bytes: 64, reason: 'raised' }],
    [0, undefined],
  ])('%i reported', (reported, expected) => expect(sized(reported)).toEqual(expected));
});
