// Connections that are refused and do not go quietly: nobody outside can end the program, and with it its jobs.
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { carriers, makeStudio } from './studio-rig.ts';

const upgrade = (host: string): string =>
  `GET /socket HTTP/1.1\r\nhost: ${host}\r\nconnection: upgrade\r\nupgrade: websocket\r\n` +
  'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\nsec-websocket-version: 13\r\n\r\n';

async function open(origin: string): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(origin).port) });
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  return socket;
}

it('ends although one that was refused neither reads nor hangs up', async () => {
  await using rig = await makeStudio();
  await using carrier = await carriers.WebSocket(rig.studio);
  const { origin } = carrier.server ?? { origin: '' };
  const socket = await open(origin);
  socket.write(upgrade(new URL(origin).host) + 'x'.repeat(100_000));
  await sleep(50);
});

it('survives those that ask to be let in and hang up in the middle of the answer', async () => {
  await using rig = await makeStudio();
  await using carrier = await carriers.WebSocket(rig.studio);
  const { server } = carrier;
  if (server === undefined) throw new Error('no server');
  for (let round = 0; round < 30; round++) {
    const socket = await open(server.origin);
    socket.write(upgrade(new URL(server.origin).host));
    if (round % 2 === 1) await sleep(1);
    socket.write('x'.repeat(100_000));
    socket.resetAndDestroy();
  }
  await sleep(200);
  expect((await fetch(`${server.origin}/`, { headers: { connection: 'close' } })).status).toBe(404);
});
