// What was done, and what is open.
import type { OpenBatch } from '../../../shared/batch.ts';
import type { HistoryEnd } from '../../../shared/history.ts';
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { ExitCode } from '../../../shared/result.ts';
import { openBatchLines } from '../../../shared/text/batch.ts';
import { cleanText } from '../../../shared/text/clean.ts';
import { historyLines, openJobLines } from '../../../shared/text/history.ts';
import { jobWarningText } from '../../../shared/text/job-warnings.ts';
import {
  findOpenBatch,
  historyCsv,
  openBatches,
  openJournal,
  putAwayBatch,
  realClock,
  requestToGoOn,
  saveNewFile,
  type Journal,
} from '../../core.ts';
import { platform, terminalHost } from '../host.ts';
import { writeJson } from '../report-json.ts';
import { runBatchInTerminal } from '../run-batch.ts';
import { runJobInTerminal } from '../run-job.ts';
import { openShell, type CommonOptions } from '../shell.ts';
import { openTerminalLog } from '../terminal-log.ts';

export interface HistoryOptions {
  readonly unit?: string;
  readonly search?: string;
  readonly ended?: HistoryEnd;
  /** ISO 8601. */
  readonly since?: string;
  readonly limit?: number;
  readonly csv?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

const defaultJobs = 500;

/** Lists jobs, newest last on a terminal's screen, or writes them to a file. */
export async function history(options: HistoryOptions): Promise<ExitCode> {
  const { log } = await openTerminalLog(options.verbose === true);
  await using journal = openJournal(terminalHost(log), realClock);
  const { unit, search, ended, since, csv, json = false } = options;
  // A file is for all there is.
  const limit = options.limit ?? (csv === undefined ? defaultJobs : undefined);
  const jobs = await journal.history({ unit, search, ended, since, limit });
  tellNotices(journal, json);
  if (csv !== undefined) await saveNewFile(csv, new TextEncoder().encode(historyCsv(jobs)));
  if (json) writeJson('history', csv === undefined ? { jobs } : { path: csv, count: jobs.length });
  else if (csv !== undefined)
    print([`${jobs.length} ${jobs.length === 1 ? 'job' : 'jobs'} written to ${csv}`]);
  else print(jobs.length === 0 ? ['No job is recorded.'] : jobs.toReversed().flatMap(historyLines));
  return ExitCode.done;
}

export interface ResumeOptions extends CommonOptions {
  readonly discard?: boolean;
  readonly yes?: boolean;
  readonly log?: string;
}

/** Without an id, what is open; with one, goes on with it, or puts it away. */
export async function resume(id: string | undefined, options: ResumeOptions): Promise<ExitCode> {
  const { json = false, yes = false, log } = options;
  if (log !== undefined && (id === undefined || options.discard === true))
    throw new FlashError('usage', { detail: '--log goes with the id of many boards' });
  if (id === undefined || options.discard === true) return await withoutBoard(id, options);
  const shell = await openShell(options);
  const { journal } = shell.core;
  const batch = await batchOf(journal, id);
  if (batch !== undefined) {
    const request = await requestToGoOn(journal, batch);
    return await runBatchInTerminal(shell, request, { json, yes, log });
  }
  if (log !== undefined) throw new FlashError('usage', { detail: '--log goes with the id of many boards' });
  const request = await journal.requestToResume(id);
  const waitMs = (options.wait ?? 0) * 1000;
  const selection = { ...request.selection, waitMs };
  return await runJobInTerminal(shell, { ...request, selection }, { json, yes });
}

async function withoutBoard(id: string | undefined, options: ResumeOptions): Promise<ExitCode> {
  const { json = false } = options;
  const { log } = await openTerminalLog(options.verbose === true);
  await using journal = openJournal(terminalHost(log), realClock);
  if (id !== undefined) {
    const batch = await batchOf(journal, id);
    if (batch === undefined) await journal.discard(id);
    else await putAwayBatch(journal, batch.id);
    if (json) writeJson('discarded', { id });
    else
      print([
        batch === undefined
          ? 'Put away. The backups stay.'
          : 'Put away. Jobs of its boards that are open stay.',
      ]);
    return ExitCode.done;
  }
  const jobs = await journal.openJobs();
  const batches = await openBatches(journal);
  tellNotices(journal, json);
  if (json) writeJson('open-jobs', { jobs, batches });
  else if (jobs.length + batches.length === 0) print(['No job is open.']);
  else {
    const lines = [...jobs.flatMap(openJobLines), ...batches.flatMap(openBatchLines)];
    print([...lines, '', '"rekindle resume ID" goes on; "--discard" puts one away.']);
  }
  return ExitCode.done;
}

/** Many boards by that name; undefined where it names none, or a job as well. */
async function batchOf(journal: Journal, id: string): Promise<OpenBatch | undefined> {
  const batch = await findOpenBatch(journal, id);
  const isJobToo = batch !== undefined && (await journal.openJobs()).some((job) => job.id.startsWith(id));
  return isJobToo ? undefined : batch;
}

function tellNotices(journal: Journal, json: boolean): void {
  for (const { code, params } of journal.takeNotices()) {
    const words = jobWarningText(code, params as never, platform);
    if (json) writeJson('warning', { code, params, ...words });
    else process.stderr.write(`${cleanText(words.title)}.\n${cleanText(words.advice)}\n`);
  }
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.map(cleanText).join('\n')}\n`);
}
