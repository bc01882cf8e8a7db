// The licences of what we ship, gathered when it is built (scripts/licences.mjs).
import * as v from 'valibot';
import type { Licence } from '../shared/contract/app.ts';
import { readFileBounded } from './store/atomic-file.ts';

const mostBytes = 8 * 1024 * 1024;

const schema = v.array(
  v.object({ name: v.string(), version: v.string(), licence: v.string(), text: v.string() }),
);

/** @throws FlashError `file.*` when the file is not there */
export async function readLicences(file: string): Promise<readonly Licence[]> {
  return v.parse(schema, JSON.parse(new TextDecoder().decode(await readFileBounded(file, mostBytes))));
}
