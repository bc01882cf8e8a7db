// Who has a device: on Linux, whoever holds its node in /dev/bus/usb open. Other systems do not tell.
import { readdir, readFile, readlink } from 'node:fs/promises';
import { cleanText } from '../../../shared/text/clean.ts';
import type { UsbDeviceFacts } from './usb-device.ts';

/** Looking through more is not worth the wait. */
const mostProcesses = 4_096;
const mostFiles = 1_024;

/**
 * `name (pid)` of a program that has the device open, as far as we may look: other people's programs are hidden
 * from everyone but root.
 */
export async function findHolder(
  facts: Pick<UsbDeviceFacts, 'busNumber' | 'address'>,
  platform: string,
  root = '/proc',
): Promise<string | undefined> {
  if (platform !== 'linux') return undefined;
  const pad = (value: number): string => String(value).padStart(3, '0');
  const node = `/dev/bus/usb/${pad(facts.busNumber)}/${pad(facts.address)}`;
  const processes = (await listing(root)).filter(
    (name) => /^\d+$/.test(name) && Number(name) !== process.pid,
  );
  for (const pid of processes.slice(0, mostProcesses)) {
    for (const file of (await listing(`${root}/${pid}/fd`)).slice(0, mostFiles)) {
      if ((await linkOf(`${root}/${pid}/fd/${file}`)) === node)
        return `${await nameOf(`${root}/${pid}/comm`)} (${pid})`;
    }
  }
  return undefined;
}

async function listing(folder: string): Promise<string[]> {
  return await readdir(folder).catch(() => []);
}

async function linkOf(file: string): Promise<string | undefined> {
  return await readlink(file).catch(() => undefined);
}

async function nameOf(file: string): Promise<string> {
  const name = await readFile(file, 'utf8').catch(() => '');
  return cleanText(name).slice(0, 40) || 'a program';
}
