import type { Tried } from '../../../shared/entry.ts';
import { FlashError, isFlashError } from '../../../shared/errors/flash-error.ts';
import { idsIn, sameWays, softwareWays } from '../../devices/ways.ts';
import { enterByWays, type BoardToEnter } from '../../entry/registry.ts';
import type { Facts } from '../../devices/bus.ts';
import type { JobContext } from '../context.ts';
import type { Sighting } from '../survey.ts';
import { follow, tellingOf, whichPortOf } from './ask-which.ts';

/** The board in flash mode, and whether this job brought it there. */
export interface Entered {
  readonly facts: Facts;
  readonly entered: boolean;
  /** Ids its program has, where its profile says; seeing another device on its port is not seeing it run. */
  readonly programIds: readonly string[];
  /** Ways that were gone, those that led nowhere included. */
  readonly tried: readonly Tried[];
}

/**
 * Brings the board into flash mode, if it is not there, by the ways its profile has; by DETACH where it has no profile.
 * @throws FlashError `entry.by-hand-needed`, `entry.which-board`, `device.elsewhere`, `device.locked`,
 * `question.declined`; without a profile `device.not-returned`,
 * `device.still-runtime`, `usb.*`
 */
export async function enterFlashMode(
  context: JobContext,
  sighting: Sighting,
  interfaceNumber?: number,
): Promise<Entered> {
  const { facts, recognised } = sighting;
  if (recognised.mode === 'dfu') {
    context.skip('enter', 'already-in-flash-mode');
    return { facts, entered: false, programIds: [], tried: [] };
  }
  return await context.run('enter', undefined, async (flow) => {
    const { clock, log, serial } = context.services;
    const tools = {
      clock,
      log,
      serial,
      wait: flow.wait,
      onHeld: (holder: string | undefined, modemManager: boolean) =>
        context.emit({ type: 'waiting', for: 'serial-port', holder, modemManager }),
      whichPort: whichPortOf(context, sighting),
      elsewhere: tellingOf(context, sighting, flow.wait),
    };
    const board = { ...boardToEnter(sighting), interfaceNumber };
    const brought = await enterByWays(board, tools, (tried) => {
      log.write(
        'info',
        'enter',
        `${tried.kind}: ${tried.outcome}${tried.code === undefined ? '' : ` by ${tried.code}`}`,
      );
      context.emit({ type: 'tried', tried });
    }).catch((error: unknown) => {
      throw asSaidBefore(error, sighting);
    });
    follow(context, sighting, brought.facts);
    const { running } = sighting;
    const programIds = running.flatMap((profile) => [
      ...idsIn(profile, 'application'),
      ...idsIn(profile, 'runtime-dfu'),
    ]);
    const { portPath, generation } = brought.facts;
    const entered = portPath !== facts.portPath || generation !== facts.generation;
    return { facts: brought.facts, entered, programIds, tried: brought.tried };
  });
}

/** What the board is taken for, and the ways of that. Boards that share their ids may share their ways, too. */
function boardToEnter({ bus, facts, recognised, report, running }: Sighting): BoardToEnter {
  const known = running.filter((one) => one.id === report.profile);
  // Whoever insists on a board that is known by name only (gate.ts) goes the standard's way.
  const served = (known.length > 0 ? known : running).filter((one) => one.support !== 'named');
  const [profile, ...others] = served;
  const only = others.length === 0 ? profile : undefined;
  const board = { bus, facts, name: only?.name ?? report.name, profile: only?.id };
  const flashIds = served.flatMap((one) => idsIn(one, 'flash'));
  if (profile === undefined)
    return { ...board, flashIds, byHand: [], ways: recognised.mode === 'runtime' ? [standardWay] : [] };
  if (!others.every((other) => sameWays(profile, other))) {
    const boards = served.map((one) => one.name);
    throw new FlashError('entry.which-board', { portPath: facts.portPath, boards });
  }
  const ways = softwareWays(profile);
  // What the standard offers is there for every board that shows it, asked for last where its profile has other ways.
  const offered = recognised.mode === 'runtime' && !ways.some((way) => way.kind === 'dfu-detach');
  const byHand = only?.ways.filter((way) => way.kind === 'by-hand') ?? [];
  return { ...board, flashIds, byHand, ways: offered ? [...ways, standardWay] : ways };
}

const standardWay = { kind: 'dfu-detach', source: 'DFU 1.1 section 5' } as const;

/** A board we know nothing of has one way only: its failing is told as what it is. */
function asSaidBefore(error: unknown, { running }: Sighting): unknown {
  if (running.some((one) => one.support !== 'named') || !isFlashError(error, 'entry.by-hand-needed'))
    return error;
  const [only] = error.params.tried;
  return only?.code === undefined ? error : new FlashError(only.code, only.params as never, error);
}
