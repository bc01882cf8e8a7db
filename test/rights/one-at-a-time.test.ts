import { expect, it } from 'vitest';
import { oneAtATime } from '../../main/rights/one-at-a-time.ts';

it('joins the same wish, makes another wait, and goes on after one that failed', async () => {
  const order: string[] = [];
  let [running, most] = [0, 0];
  const ask = oneAtATime(async (kind: string) => {
    most = Math.max(most, ++running);
    order.push(kind);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running--;
    if (kind === 'fails') throw new Error('no');
    return `${kind} ${order.length}`;
  });
  const all = await Promise.allSettled([
    ask('install'),
    ask('install'),
    ask('fails'),
    ask('remove'),
    ask('remove'),
  ]);
  expect(all.map((one) => (one.status === 'fulfilled' ? one.value : 'failed'))).toEqual([
    'install 1',
    'install 1',
    'failed',
    'remove 3',
    'remove 3',
  ]);
  expect(most).toBe(1);
  expect(await ask('install')).toBe('install 4');
});
