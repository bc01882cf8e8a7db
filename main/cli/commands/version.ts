// Which Rekindle this is, and whether a newer one is known. The network is asked with --check alone.
import { mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AppUpdateSnapshot } from '../../../shared/app-update.ts';
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { limits } from '../../../shared/limits.ts';
import { ExitCode } from '../../../shared/result.ts';
import { releaseInTerminal, versionLines } from '../../../shared/text/app-update.ts';
import { cleanText } from '../../../shared/text/clean.ts';
import { silentLog } from '../../log/log.ts';
import { loadSettings, newerThan, openReleases, realClock, startWait, updateServices } from '../../core.ts';
import { terminalHost, version } from '../host.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { writeJson } from '../report-json.ts';
import { openTerminalLog } from '../terminal-log.ts';
import { say } from './sources.ts';

export interface VersionOptions {
  readonly check?: boolean;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** @throws FlashError `release.off`, `update.*`, `job.aborted`; with `check` only */
export async function tellVersion(options: VersionOptions): Promise<ExitCode> {
  const { log } = await openTerminalLog(options.verbose === true);
  const host = terminalHost(log);
  const releases = openReleases(updateServices(host, realClock));
  const off = (await loadSettings(host.paths.settings)).releaseLooks === 'never';
  if (options.check === true && (releases === undefined || off))
    throw new FlashError('release.off', { why: releases === undefined ? 'no-address' : 'switched-off' });
  using interrupt = listenForInterrupt('watch');
  const known = off
    ? undefined
    : options.check === true
      ? await releases?.look(startWait(realClock, limits.lookMs, interrupt.abort))
      : await releases?.kept();
  const release = newerThan(version, known?.release);
  const snapshot: AppUpdateSnapshot = {
    state:
      releases === undefined || off
        ? { is: 'off', why: off ? 'switched-off' : 'no-address' }
        : release === undefined
          ? { is: 'idle' }
          : { is: 'known', release },
    looking: false,
    lookedAt: known?.at,
    problem: undefined,
    page: releases?.page,
    obstacle: 'server',
    later: false,
    jobs: 0,
  };
  if (options.json === true)
    writeJson('version', { version, newer: release, lookedAt: known?.at, page: releases?.page });
  else say(versionLines(version, snapshot));
  return ExitCode.done;
}

/**
 * A line to standard error where a person reads along and a newer release is known: once a day at most, and nobody is asked.
 * Never rejects.
 */
export async function tellOfNewerRelease(): Promise<void> {
  if (!process.stderr.isTTY || !process.stdout.isTTY) return;
  const host = terminalHost(silentLog);
  try {
    const releases = openReleases(updateServices(host, realClock));
    if (releases === undefined) return;
    const release = newerThan(version, (await releases.kept())?.release);
    if (release === undefined || (await loadSettings(host.paths.settings)).releaseLooks === 'never') return;
    if (!(await isDue(path.join(host.paths.updates, 'release-told'), host.now()))) return;
    process.stderr.write(`${cleanText(releaseInTerminal(release.version, releases.page))}\n`);
  } catch {
    // What was asked for is done; this is no reason to say otherwise.
  }
}

/** Whether a day has passed since it was last told; from now on it has not. */
async function isDue(file: string, now: Date): Promise<boolean> {
  const told = await stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => Number.NEGATIVE_INFINITY,
  );
  if (Math.abs(now.getTime() - told) < limits.dailyLookMs) return false;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, '');
  return true;
}
