// What a person has chosen, in one small file.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { settingsSchema, type Settings } from '../../shared/contract/settings.ts';
import { readFileBounded, writeFileAtomically } from './atomic-file.ts';

const mostBytes = 64 * 1024;

/** The settings on disk; defaults for whatever is not there or cannot be understood. Never throws. */
export async function loadSettings(file: string): Promise<Settings> {
  const defaults = v.parse(settingsSchema, {});
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(await readFileBounded(file, mostBytes)));
    if (typeof parsed !== 'object' || parsed === null) return defaults;
    // One setting of another version must not cost the others.
    const known = Object.entries(parsed).filter(([key, value]) => {
      const entry = settingsSchema.entries[key as keyof Settings] as v.GenericSchema | undefined;
      return entry !== undefined && v.is(entry, value);
    });
    return v.parse(settingsSchema, Object.fromEntries(known));
  } catch {
    return defaults;
  }
}

/** Durable when it resolves. @throws FlashError `file.*` */
export async function saveSettings(file: string, settings: Settings): Promise<void> {
  // The first thing a new person does may be this; what is wrong with the folder, writing tells.
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 }).catch(() => undefined);
  await writeFileAtomically(file, new TextEncoder().encode(`${JSON.stringify(settings, null, 2)}\n`), {
    exclusive: false,
  });
}
