// The history as a table for spreadsheets (RFC 4180).
import type { HistoryEntry } from '../../shared/history.ts';
import { formatId } from '../../shared/hex.ts';

const columns: readonly (readonly [
  name: string,
  value: (entry: HistoryEntry) => string | number | undefined,
])[] = [
  ['number', ({ number }) => number],
  ['id', ({ id }) => id],
  ['started', ({ startedAt }) => startedAt],
  ['ended', ({ endedAt }) => endedAt],
  ['seconds', ({ durationMs }) => (durationMs === undefined ? undefined : (durationMs / 1000).toFixed(3))],
  ['job', ({ kind }) => kind],
  ['board', ({ unit }) => unit.board],
  ['virtual', ({ unit }) => (unit.virtual ? 'yes' : 'no')],
  ['port', ({ unit }) => unit.portPath],
  ['serial', ({ unit }) => unit.serial],
  ['vendor', ({ unit }) => formatId(unit.vendorId)],
  ['product', ({ unit }) => formatId(unit.productId)],
  ['chip', ({ unit }) => unit.chip],
  ['profile', ({ unit }) => unit.profile],
  ['files', ({ images }) => images.map(({ name }) => name).join('; ')],
  ['sha256', ({ images }) => images.map(({ sha256 }) => sha256).join('; ')],
  ['outcome', ({ result, closed }) => result?.outcome ?? closed?.why],
  ['content', ({ result }) => result?.content.kind],
  ['program', ({ result }) => result?.app],
  ['error', ({ result }) => result?.error?.code],
  ['backup', ({ backup }) => backup?.path],
  ['backup sha256', ({ backup }) => backup?.sha256],
  ['plan', ({ planHash }) => planHash],
  ['rekindle', ({ version }) => version],
  ['shell', ({ shell }) => shell],
  ['system', ({ system }) => system],
];

/** One line a job, with a heading. */
export function historyCsv(entries: readonly HistoryEntry[]): string {
  return [historyCsvHeading, ...entries.map(historyCsvLine)].join('');
}

/** The names of the columns. */
export const historyCsvHeading = csvRow(columns.map(([name]) => name));

/** One job. */
export function historyCsvLine(entry: HistoryEntry): string {
  return csvRow(columns.map(([, value]) => value(entry)));
}

/** One line of such a table. */
export function csvRow(values: readonly (string | number | undefined)[]): string {
  return `${values.map(cell).join(',')}\r\n`;
}

/** Names come from files and boards: none may be a formula to a spreadsheet. */
function cell(value: string | number | undefined): string {
  const text = value === undefined ? '' : String(value);
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
