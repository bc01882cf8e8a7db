// Which programs have a device, and which run at all: on Linux /proc tells. Other systems do not tell.
import { readdir, readFile, readlink } from 'node:fs/promises';
import { cleanText } from '../../shared/text/clean.ts';

/** Looking through more is not worth the wait. */
const mostProcesses = 4_096;
const mostFiles = 1_024;

/**
 * `name (pid)` of another program that has a device node open, as far as we may look: other people's programs are
 * hidden from everyone but root.
 */
export async function findNodeHolder(node: string, root = '/proc'): Promise<string | undefined> {
  for (const pid of await processes(root)) {
    for (const file of (await listing(`${root}/${pid}/fd`)).slice(0, mostFiles)) {
      if ((await linkOf(`${root}/${pid}/fd/${file}`)) === node) return `${await nameOf(root, pid)} (${pid})`;
    }
  }
  return undefined;
}

/** Whether a program of this name runs, whoever started it: names are for everybody to see. */
export async function isRunning(name: string, root = '/proc'): Promise<boolean> {
  for (const pid of await processes(root)) if ((await nameOf(root, pid)) === name) return true;
  return false;
}

async function processes(root: string): Promise<string[]> {
  const others = (await listing(root)).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return others.slice(0, mostProcesses);
}

async function listing(folder: string): Promise<string[]> {
  return await readdir(folder).catch(() => []);
}

async function linkOf(file: string): Promise<string | undefined> {
  return await readlink(file).catch(() => undefined);
}

async function nameOf(root: string, pid: string): Promise<string> {
  const name = await readFile(`${root}/${pid}/comm`, 'utf8').catch(() => '');
  return cleanText(name).trim().slice(0, 40) || 'a program';
}
