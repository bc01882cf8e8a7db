// What people type to move a virtual board: `hold 1-1 S1`, `plug 1-1`, `switch 1-1 DFU / RUN switch to DFU`.
import * as v from 'valibot';
import { benchActionSchema, type BenchAction, type BenchControl } from '../../shared/bench-action.ts';
import { FlashError, isFlashError } from '../../shared/errors/flash-error.ts';
import type { Bench } from '../bench/bench.ts';

/** The verbs, with what follows the port. */
export const benchVerbs = {
  plug: '',
  unplug: '',
  hold: 'BUTTON',
  'let-go': 'BUTTON',
  press: 'BUTTON',
  switch: 'SWITCH to POSITION',
  'close-jumper': 'JUMPER',
  'open-jumper': 'JUMPER',
  'switch-off': '',
  'switch-on': '',
  choose: 'MENU > ENTRY',
} as const satisfies Record<BenchAction['act'], string>;

/**
 * Does what a line says. A port is only needed where there are several boards.
 * @returns how the board's controls stand then, in words
 * @throws FlashError `usage` with what is wrong with the line
 */
export function actByLine(bench: Bench, line: string): string {
  const [verb = '', ...words] = line.trim().split(/\s+/);
  const named = bench.ports.find((port) => port.portPath === words[0]);
  const [only] = bench.ports.length === 1 ? bench.ports : [];
  const port = named ?? only;
  if (port === undefined) throw wrong(`Say which port: ${bench.ports.map((one) => one.portPath).join(', ')}`);
  const action = parseAction(verb, (named === undefined ? words : words.slice(1)).join(' '));
  try {
    port.act(action);
  } catch (error) {
    if (!isFlashError(error, 'api.unknown')) throw error;
    const has = controlsText(port.board?.controls ?? []);
    throw wrong(
      `The board at ${port.portPath} has no such thing. ${has === '' ? 'Nothing on it moves' : `It has ${has}`}`,
    );
  }
  const there = port.device === undefined ? 'not on USB' : 'on USB';
  const stands = controlsText(port.board?.controls ?? []);
  return `${port.portPath}: ${there}${stands === '' ? '' : `; ${stands}`}`;
}

/** Controls and how they stand. */
export function controlsText(controls: readonly BenchControl[]): string {
  return controls
    .map((one) => {
      switch (one.kind) {
        case 'button':
          return `${one.name} (${one.held ? 'held' : 'let go'})`;
        case 'switch':
          return `${one.name} (${one.positions.join(' or ')}: at ${one.at})`;
        case 'jumper':
          return `jumper ${one.name} (${one.closed ? 'closed' : 'open'})`;
        case 'power':
          return `${one.name} (${one.on ? 'on' : 'off'})`;
        case 'menu':
          return `menu ${one.paths.map((path) => path.join(' > ')).join(', ')}`;
      }
    })
    .join(', ');
}

function parseAction(verb: string, rest: string): BenchAction {
  const draft = { act: verb, ...partsOf(verb, rest) };
  const parsed = v.safeParse(benchActionSchema, draft);
  if (parsed.success) return parsed.output;
  const known = Object.entries(benchVerbs).map(([name, what]) => `${name} PORT ${what}`.trimEnd());
  throw wrong(`"${`${verb} ${rest}`.trim()}" is nothing a hand can do; there is ${known.join(', ')}`);
}

function partsOf(verb: string, rest: string): object {
  if (verb === 'choose') return { path: rest.split('>').map((entry) => entry.trim()) };
  if (verb !== 'switch') return rest === '' ? {} : { control: rest };
  const at = rest.toLowerCase().lastIndexOf(' to ');
  return at < 0 ? { control: rest } : { control: rest.slice(0, at).trim(), to: rest.slice(at + 4).trim() };
}

function wrong(detail: string): FlashError<'usage'> {
  return new FlashError('usage', { detail });
}
