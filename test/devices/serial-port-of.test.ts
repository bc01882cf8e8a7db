// Which serial port is a board's, on what systems tell.
import { describe, expect, it } from 'vitest';
import { choosePort } from '../../main/devices/serial-port-of.ts';
import type { SerialPortFacts } from '../../main/transports/serial/serial-line.ts';
import type { UsbDeviceFacts } from '../../main/transports/usb/usb-device.ts';

function device(portPath: string, productId = 0x5740): UsbDeviceFacts {
  return { portPath, vendorId: 0x0483, productId } as UsbDeviceFacts;
}

function port(path: string, changes: Partial<SerialPortFacts> = {}): SerialPortFacts {
  return { bus: 'serial', path, vendorId: 0x0483, productId: 0x5740, portPath: undefined, ...changes };
}

const board = device('1-2.3');
const twin = device('1-4');

describe('the serial port of a board', () => {
  it.each<[string, UsbDeviceFacts[], SerialPortFacts[], string]>([
    [
      'the one at its place',
      [board, twin],
      [port('a', { portPath: '1-4' }), port('b', { portPath: '1-2.3' })],
      'b',
    ],
    [
      'the first of several at its place',
      [board],
      [port('/dev/ttyACM10', { portPath: '1-2.3' }), port('/dev/ttyACM9', { portPath: '1-2.3' })],
      '/dev/ttyACM9',
    ],
    [
      'no port of what was there before it',
      [board],
      [port('a', { portPath: '1-2.3', productId: 1 })],
      'none',
    ],
    [
      'a port whose ids are not told',
      [board],
      [port('a', { portPath: '1-2.3', vendorId: undefined, productId: undefined })],
      'a',
    ],
    ['none', [board], [], 'none'],
    ['none of another board', [board], [port('a', { portPath: '1-4' })], 'none'],
    ['none of other ids', [board], [port('a', { productId: 1 })], 'none'],
    [
      'the only one of the only board of its kind',
      [board, device('1-1', 1)],
      [port('a'), port('b', { productId: 1 })],
      'a',
    ],
    ['unknown with a twin', [board, twin], [port('a')], 'unknown a'],
    ['unknown with two ports', [board], [port('a'), port('b')], 'unknown a b'],
    [
      'the one on its chain',
      [board, twin],
      [port('a', { portChain: '4' }), port('b', { portChain: '2.3' })],
      'b',
    ],
    [
      'unknown where two controllers have the same chain',
      [board, device('2-2.3')],
      [port('a', { portChain: '2.3' }), port('b', { portChain: '2.3' })],
      'unknown a b',
    ],
    [
      'unknown where a twin has the same chain and no port yet',
      [board, device('2-2.3')],
      [port('a', { portChain: '2.3' })],
      'unknown a',
    ],
    ['unknown where the only one is elsewhere', [board], [port('a', { portChain: '4' })], 'unknown a'],
  ])('is %s', (_name, devices, ports, expected) => {
    const choice = choosePort(board, devices, ports);
    const told =
      choice.kind === 'one'
        ? choice.port.path
        : choice.kind === 'none'
          ? 'none'
          : `unknown ${choice.paths.join(' ')}`;
    expect(told).toBe(expected);
  });
});
