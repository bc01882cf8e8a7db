// The library of backups over every carrier.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type StudioClient } from '../../renderer/client/connect.ts';
import { openImage, plugged, refused, untilEnded } from './page.ts';
import { carriers, makeStudio, type Carrier, type StudioRig } from './studio-rig.ts';

describe.each(Object.keys(carriers) as (keyof typeof carriers)[])('backups over %s', (name) => {
  let rig: StudioRig;
  let carrier: Carrier;
  let client: StudioClient;
  beforeAll(async () => {
    rig = await makeStudio();
    carrier = await carriers[name](rig.studio);
    client = connect(await carrier.page());
  });
  afterAll(async () => {
    await carrier[Symbol.asyncDispose]();
    await rig[Symbol.asyncDispose]();
  });

  it('backs up, lists the backup, opens it and hands it out whole', async () => {
    const portPath = await plugged(client);
    const { id } = await client.jobs.backUp({ portPath });
    expect((await untilEnded(client, id)).result?.outcome).toBe('done');
    const { backups } = await client.backups.list({});
    const newest = backups[0];
    expect(newest).toMatchObject({ board: 'stm32f072', virtual: true });
    const report = await client.backups.open({ id: newest?.id ?? '' });
    expect(report.format).toBe('dfuse');
    const pieces: Blob[] = [];
    for (let offset = 0; offset < (newest?.bytes ?? 0);) {
      const piece = await client.backups.read({ id: newest?.id ?? '', offset });
      pieces.push(piece);
      offset += piece.size;
    }
    expect(new Blob(pieces).size).toBe(newest?.bytes);
    await client.boards.unplugVirtual({ portPath });
  });

  it('compares one with the board, as a job like any other', async () => {
    const portPath = await plugged(client);
    const { id: made } = await client.jobs.backUp({ portPath });
    const backup = (await untilEnded(client, made)).backup?.path.split('/').at(-1) ?? '';
    const { id } = await client.jobs.compareBackup({ portPath, backup });
    const job = await untilEnded(client, id);
    expect(job).toMatchObject({ kind: 'compare', portPath, files: [backup] });
    expect(job.result).toMatchObject({
      outcome: 'done',
      comparison: { name: backup, differentBytes: 0, from: { portPath, isThisBoard: 'unknown' } },
    });
    const { id: again } = await client.jobs.again({ id });
    expect((await untilEnded(client, again)).result?.comparison?.differentBytes).toBe(0);
    const nowhere = client.jobs.compareBackup({ portPath, backup: 'none.dfu' });
    expect(await refused(nowhere)).toBe('api.unknown');
    writeFileSync(path.join(rig.host.paths.backups, backup), 'something else');
    expect(await refused(client.jobs.compareBackup({ portPath, backup }))).toBe('backup.changed');
    await client.backups.remove({ id: backup });
    await client.boards.unplugVirtual({ portPath });
  });

  it('names, checks, converts, imports and removes backups', async () => {
    const portPath = await plugged(client);
    const { id: job } = await client.jobs.backUp({ portPath });
    const made = (await untilEnded(client, job)).backup?.path.split('/').at(-1) ?? '';
    await client.backups.change({ id: made, name: ' Before ', note: 'works' });
    const { backups } = await client.backups.list({});
    const listed = backups.find(({ id }) => id === made);
    expect(listed?.record).toMatchObject({ name: 'Before', note: 'works', protocol: 'dfuse' });
    expect(await client.backups.check({ id: made })).toEqual({ content: 'same' });
    const hex = await (await client.backups.read({ id: made, format: 'hex', offset: 0 })).text();
    expect(hex.startsWith(':020000040800F2')).toBe(true);
    const whole = await client.backups.read({ id: made, format: 'bin', offset: 0 });
    expect(whole.size).toBe(128 * 1024);
    const image = await openImage(client, new Uint8Array(await whole.arrayBuffer()), 'elsewhere.bin');
    const imported = await client.backups.import({ image, board: 'NanoVNA-H', virtual: false });
    expect((await client.backups.list({})).backups.map(({ id }) => id)).toContain(imported.id);
    const file = { portPath, images: [image], restoreOf: made };
    const plan = await client.jobs.plan(file);
    expect(plan.warnings.map(({ code }) => code)).toContain('unit-unproven');
    await client.backups.remove({ id: imported.id });
    expect(await refused(client.backups.check({ id: imported.id }))).toBe('api.unknown');
    await client.boards.unplugVirtual({ portPath });
  });
});
