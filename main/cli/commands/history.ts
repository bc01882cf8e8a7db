// What was done, and what is open.
import { ExitCode } from '../../../shared/result.ts';
import { cleanText } from '../../../shared/text/clean.ts';
import { historyLines, openJobLines } from '../../../shared/text/history.ts';
import { jobWarningText } from '../../../shared/text/job-warnings.ts';
import { historyCsv, openJournal, realClock, saveNewFile, type Journal } from '../../core.ts';
import { platform, terminalHost } from '../host.ts';
import { writeJson } from '../report-json.ts';
import { runJobInTerminal } from '../run-job.ts';
import { openShell, type CommonOptions } from '../shell.ts';
import { openTerminalLog } from '../terminal-log.ts';

export interface HistoryOptions {
  readonly unit?: string;
  readonly search?: string;
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
  const { unit, search, csv, json = false } = options;
  // A file is for all there is.
  const limit = options.limit ?? (csv === undefined ? defaultJobs : undefined);
  const jobs = await journal.history({ unit, search, limit });
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
}

/** Without an id, what is open; with one, goes on with it, or puts it away. */
export async function resume(id: string | undefined, options: ResumeOptions): Promise<ExitCode> {
  const { json = false, yes = false } = options;
  if (id === undefined || options.discard === true) return await withoutBoard(id, options);
  const shell = await openShell(options);
  const { journal } = shell.core;
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
    await journal.discard(id);
    if (json) writeJson('discarded', { id });
    else print(['Put away. The backups stay.']);
    return ExitCode.done;
  }
  const jobs = await journal.openJobs();
  tellNotices(journal, json);
  if (json) writeJson('open-jobs', { jobs });
  else if (jobs.length === 0) print(['No job is open.']);
  else print([...jobs.flatMap(openJobLines), '', '"rekindle resume ID" goes on; "--discard" puts one away.']);
  return ExitCode.done;
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
