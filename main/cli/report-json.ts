// A job for programs: one JSON object a line (shared/cli-events.ts, docs/json.md).
import { cliSchemaVersion } from '../../shared/cli-events.ts';
import type { JobEvent } from '../../shared/job-events.ts';
import { exitCodeOf, verdictOf } from '../../shared/result.ts';
import { jobWarningText } from '../../shared/text/job-warnings.ts';
import { resultText } from '../../shared/text/results.ts';
import { platform } from './host.ts';

/** Writes one line. */
export function writeJson(event: string, fields: object): void {
  process.stdout.write(`${JSON.stringify({ v: cliSchemaVersion, event, ...fields })}\n`);
}

/** Writes a job's event as a line. */
export function writeJsonEvent({ type, ...fields }: JobEvent): void {
  if (type === 'warning' && 'code' in fields) {
    writeJson(type, { ...fields, ...jobWarningText(fields.code, fields.params as never, platform) });
    return;
  }
  if (type !== 'result' || !('result' in fields)) {
    writeJson(type, fields);
    return;
  }
  const { result } = fields;
  writeJson(type, {
    exitCode: exitCodeOf(result),
    verdict: verdictOf(result),
    title: resultText(result).title,
    result,
  });
}
