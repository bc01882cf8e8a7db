// The guest's end of a tunnel: dials the host for every connection the host has taken, and joins it to a port in here.
import { connect, type Socket } from 'node:net';
import { readLines } from '../lines.ts';
import type { TunnelConfiguration } from '../messages.ts';

const configuration = JSON.parse(process.argv[2] ?? '') as TunnelConfiguration;
const { host, port, token, target } = configuration;
const control = connect({ host, port, noDelay: true });

function join(from: Socket, to: Socket): void {
  from.pipe(to);
  from.on('error', () => to.destroy());
  from.on('close', () => to.destroy());
}

control.on('connect', () => {
  control.write(`${token} control\n`);
  console.log('ready');
});
control.on('error', (error) => console.error(error.message));
control.on('close', () => process.exit(0));
readLines(control, (id) => {
  const outside = connect({ host, port, noDelay: true });
  const inside = connect({ host: '127.0.0.1', port: target, noDelay: true });
  outside.write(`${token} ${id}\n`);
  join(outside, inside);
  join(inside, outside);
});
