// The library of backups over every carrier.
import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { carrierNames, serveOver } from './over-carriers.ts';
import { openImage, plugged, refused, untilEnded } from './page.ts';

describe.each(carrierNames)('backups over %s', (name) => {
  const over = serveOver(name);

  it('backs up, lists the backup, opens it and hands it out whole', async () => {
    const portPath = await plugged(over.client);
    const { id } = await over.client.jobs.backUp({ portPath });
    expect((await untilEnded(over.client, id)).result?.outcome).toBe('done');
    const { backups } = await over.client.backups.list({});
    const newest = backups[0];
    expect(newest).toMatchObject({ board: 'stm32f072', virtual: true });
    const report = await over.client.backups.open({ id: newest?.id ?? '' });
    expect(report.format).toBe('dfuse');
    const pieces: Blob[] = [];
    for (let offset = 0; offset < (newest?.bytes ?? 0);) {
      const piece = await over.client.backups.read({ id: newest?.id ?? '', offset });
      pieces.push(piece);
      offset += piece.size;
    }
    expect(new Blob(pieces).size).toBe(newest?.bytes);
    await over.client.boards.unplugVirtual({ portPath });
  });

  it('compares one with the board, as a job like any other', async () => {
    const portPath = await plugged(over.client);
    const { id: made } = await over.client.jobs.backUp({ portPath });
    const backup = (await untilEnded(over.client, made)).backup?.path.split('/').at(-1) ?? '';
    const { id } = await over.client.jobs.compareBackup({ portPath, backup });
    const job = await untilEnded(over.client, id);
    expect(job).toMatchObject({ kind: 'compare', portPath, files: [backup] });
    expect(job.result).toMatchObject({
      outcome: 'done',
      comparison: { name: backup, differentBytes: 0, from: { portPath, isThisBoard: 'unknown' } },
    });
    const { id: again } = await over.client.jobs.again({ id });
    expect((await untilEnded(over.client, again)).result?.comparison?.differentBytes).toBe(0);
    const nowhere = over.client.jobs.compareBackup({ portPath, backup: 'none.dfu' });
    expect(await refused(nowhere)).toBe('api.unknown');
    writeFileSync(path.join(over.rig.host.paths.backups, backup), 'something else');
    expect(await refused(over.client.jobs.compareBackup({ portPath, backup }))).toBe('backup.changed');
    await over.client.backups.remove({ id: backup });
    await over.client.boards.unplugVirtual({ portPath });
  });

  it('shows what a policy would let go, takes no more than that, and does it by itself once it is a setting', async () => {
    const portPath = await plugged(over.client);
    const backUp = async (): Promise<string> => {
      const { id } = await over.client.jobs.backUp({ portPath });
      const job = await untilEnded(over.client, id);
      expect([job.result?.outcome, job.warnings]).toEqual(['done', []]);
      return job.backup?.path.split('/').at(-1) ?? '';
    };
    const mine = async (): Promise<string[]> =>
      (await over.client.backups.list({})).backups
        .filter(({ record }) => record?.unit.portPath === portPath)
        .map(({ id }) => id);
    for (const id of await mine()) await over.client.backups.remove({ id });
    // The same content within a second is one backup: made older, as if time had passed.
    const older = async (day: number): Promise<string> => {
      const made = await backUp();
      const { backups } = over.rig.host.paths;
      const name = made.replace(/-\d{8}T\d{6}Z-/, `-2025010${day}T000000Z-`);
      renameSync(path.join(backups, made), path.join(backups, name));
      renameSync(path.join(backups, `${made}.json`), path.join(backups, `${name}.json`));
      return name;
    };
    const [first, second] = [await older(1), await older(2)];
    const third = await backUp();
    const policy = { keep: 1 };
    const shown = (await over.client.backups.prunable({ policy })).backups.map(({ id }) => id);
    expect(shown).toEqual(expect.arrayContaining([first, second]));
    expect(shown).not.toContain(third);
    expect(await over.client.backups.prune({ policy, shown: [first, third] })).toEqual({ removed: [first] });
    expect(new Set(await mine())).toEqual(new Set([second, third]));
    expect(await refused(over.client.backups.prunable({ policy: {} }))).not.toBe('nothing');
    await over.client.settings.change({ prune: 'count', pruneKeep: 1 });
    await older(3);
    const last = await backUp();
    expect(await mine()).toEqual([last]);
    await over.client.settings.change({ prune: 'never' });
    await over.client.backups.remove({ id: last });
    await over.client.boards.unplugVirtual({ portPath });
  });

  it('names, checks, converts, imports and removes backups', async () => {
    const portPath = await plugged(over.client);
    const { id: job } = await over.client.jobs.backUp({ portPath });
    const made = (await untilEnded(over.client, job)).backup?.path.split('/').at(-1) ?? '';
    await over.client.backups.change({ id: made, name: ' Before ', note: 'works' });
    const { backups } = await over.client.backups.list({});
    const listed = backups.find(({ id }) => id === made);
    expect(listed?.record).toMatchObject({ name: 'Before', note: 'works', protocol: 'dfuse' });
    expect(await over.client.backups.check({ id: made })).toEqual({ content: 'same' });
    const hex = await (await over.client.backups.read({ id: made, format: 'hex', offset: 0 })).text();
    expect(hex.startsWith(':020000040800F2')).toBe(true);
    const whole = await over.client.backups.read({ id: made, format: 'bin', offset: 0 });
    expect(whole.size).toBe(128 * 1024);
    const image = await openImage(over.client, new Uint8Array(await whole.arrayBuffer()), 'elsewhere.bin');
    const imported = await over.client.backups.import({ image, board: 'NanoVNA-H', virtual: false });
    expect((await over.client.backups.list({})).backups.map(({ id }) => id)).toContain(imported.id);
    const file = { portPath, images: [image], restoreOf: made };
    const plan = await over.client.jobs.plan(file);
    expect(plan.warnings.map(({ code }) => code)).toContain('unit-unproven');
    await over.client.backups.remove({ id: imported.id });
    expect(await refused(over.client.backups.check({ id: imported.id }))).toBe('api.unknown');
    await over.client.boards.unplugVirtual({ portPath });
  });
});
