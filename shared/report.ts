// A report for a forum: what somebody who wants to help needs, and nothing that tells who asked.
import type { BoardReport } from './board.ts';
import type { AppReport } from './contract/app.ts';
import type { ErrorCode } from './errors/codes.ts';
import type { JobSnapshot } from './job-snapshot.ts';
import type { Result } from './result.ts';
import { pageErrorText } from './text/page-advice.ts';
import { skipTexts, stepTexts } from './text/plan.ts';
import { comparisonLines } from './text/comparison.ts';
import { contentLines, resultText } from './text/results.ts';
import { formatBytes, formatDuration } from './units.ts';

/** Markdown of a job. */
export function jobReport(job: JobSnapshot, app: AppReport): string {
  const { result } = job;
  return [
    `### Rekindle: ${job.kind} of ${job.virtual ? 'a virtual ' : ''}${job.board}`,
    '',
    ...systemLines(app),
    `- Files: ${job.files.length === 0 ? 'none' : job.files.map((name) => `\`${name}\``).join(', ')}`,
    '',
    ...stepLines(job),
    '',
    ...(result === undefined ? ['It still runs.'] : resultLines(result, app)),
  ]
    .map(masked)
    .join('\n');
}

/** Markdown of a board that cannot be used, or a file that was refused. */
export function problemReport(
  problem: { readonly code: ErrorCode; readonly params: object },
  board: BoardReport | undefined,
  app: AppReport,
): string {
  const { title, advice } = pageErrorText(problem.code, problem.params as never, app.platform);
  return [
    `### Rekindle: ${title}`,
    '',
    ...systemLines(app),
    ...(board === undefined
      ? []
      : [`- Board: ${board.name}, ${board.evidence}, mode ${board.mode}${board.virtual ? ', virtual' : ''}`]),
    `- Error: \`${problem.code}\` ${JSON.stringify(problem.params)}`,
    ...(advice === '' ? [] : [`- Told to: ${advice}`]),
  ]
    .map(masked)
    .join('\n');
}

function systemLines(app: AppReport): string[] {
  const versions = app.versions.map(({ name, version }) => `${name} ${version}`).join(', ');
  return [`- Rekindle ${app.version} (${app.shell}) on ${app.platform}; ${versions}`];
}

function stepLines(job: JobSnapshot): string[] {
  const records = job.result?.steps;
  if (records === undefined) return job.steps.map(({ step, state }) => `- ${step}: ${state}`);
  return [
    '| step | how | time | bytes |',
    '|---|---|---|---|',
    ...records.map(({ step, state, reason, durationMs, bytes }) => {
      const how = reason === undefined ? state : `${state}: ${skipTexts[reason]}`;
      const time = durationMs > 0 ? formatDuration(durationMs) : '';
      return `| ${stepTexts[step].before} | ${how} | ${time} | ${bytes === undefined ? '' : formatBytes(bytes)} |`;
    }),
  ];
}

function resultLines(result: Result, app: AppReport): string[] {
  const { error } = result;
  const requests = Object.entries(result.requests).map(([name, count]) => `${name} ${count}`);
  return [
    `**${resultText(result).title}**`,
    ...(error === undefined
      ? []
      : [
          `Error: \`${error.code}\` ${JSON.stringify(error.params)}`,
          pageErrorText(error.code, error.params as never, app.platform).title,
        ]),
    `Outcome ${result.outcome}, content ${result.content.kind}, program ${result.app}, next ${result.next}`,
    ...contentLines(result),
    ...(result.comparison === undefined ? [] : comparisonLines(result.comparison)),
    `Requests: ${requests.length === 0 ? 'none' : requests.join(', ')}`,
  ];
}

const homes = [/\/home\/[^/\s"']+/g, /\/Users\/[^/\s"']+/g, /[A-Z]:\\+Users\\+[^\\\s"']+/gi, /\/root\b/g];

/** Home folders tell names; twelve or more digits and letters in a row are most likely a serial number. */
function masked(line: string): string {
  let text = line;
  for (const home of homes) text = text.replace(home, '~');
  return text.replace(/\b(?=[0-9A-F]*\d)[0-9A-F]{12,}\b/g, (serial) => `${serial.slice(0, 2)}...`);
}
