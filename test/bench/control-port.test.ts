// The port at which a running bench is taken by the hand: its own people only, and no end of anything.
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  controlLimits,
  openControlPort,
  sayToBench,
  type ControlPort,
} from '../../main/bench/control-port.ts';
import { silentLog } from '../../main/log/log.ts';

let control: ControlPort;
let heard: string[];
beforeEach(async () => {
  heard = [];
  control = await openControlPort((line) => {
    heard.push(line);
    return `heard ${line}`;
  }, silentLog);
});
afterEach(() => control.close());

function placeOf(address: string): { port: number; token: string } {
  const [port = '', token = ''] = address.split(':');
  return { port: Number(port), token };
}

/** What comes back for raw bytes, until the other side closes. */
function raw(...pieces: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(placeOf(control.address).port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
    for (const piece of pieces) socket.write(piece);
  });
}

describe('the control port', () => {
  it('answers a line', async () => {
    expect(await sayToBench(placeOf(control.address), 'plug 1-1')).toBe('heard plug 1-1');
    expect(await sayToBench(placeOf(control.address), 'hold 1-1 S1')).toBe('heard hold 1-1 S1');
  });

  it.each([
    ['no token', ['plug 1-1\n']],
    ['a wrong token', [`${'0'.repeat(32)} plug 1-1\n`]],
    ['a web page', ['POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n']],
    ['a line without end', ['x'.repeat(controlLimits.lineBytes), 'x'.repeat(10)]],
  ])('says nothing to %s', async (_who, pieces) => {
    expect(await raw(...pieces)).toBe('');
    expect(heard).toEqual([]);
  });

  it('is gone once closed', async () => {
    const place = placeOf(control.address);
    await control.close();
    expect(await sayToBench(place, 'plug 1-1')).toBeUndefined();
  });
});
