// What ways into flash mode ask of a job: which board is the one that left, and which serial port is its; and following it.
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { formatIds } from '../../../shared/hex.ts';
import type { Wait } from '../../base/wait.ts';
import type { Facts } from '../../devices/bus.ts';
import { quirksFor } from '../../devices/quirks.ts';
import { provesByNumber } from '../../devices/same-board.ts';
import type { EntryTools } from '../../entry/registry.ts';
import { recognise } from '../../targets/recognise.ts';
import type { JobContext } from '../context.ts';
import type { Sighting } from '../survey.ts';

/** For the ways in: how the board is told from others that come while it is away. */
export function tellingOf(
  context: JobContext,
  { bus, facts, report }: Sighting,
  wait: Wait,
): EntryTools['elsewhere'] {
  const { tracker, clock } = context.services;
  const { choose, ports, stop, abort } = context.control;
  const { portPath } = facts;
  return {
    isFree: (port) => ports?.isFree(port) ?? true,
    isSame: provesByNumber(tracker, bus, portPath, { clock, wait }),
    which:
      choose === undefined
        ? undefined
        : async (candidates, withdrawn) => {
            const choices = candidates.map((one) => ({ id: one.portPath, evidence: evidenceOf(one) }));
            const over = AbortSignal.any([withdrawn, stop, abort]);
            const chosen = await choose({ id: 'which-board', board: report.name, portPath, choices }, over);
            context.checkStop();
            return candidates.find((one) => one.portPath === chosen);
          },
  };
}

/** For the ways in: which serial port is the board's, where the system does not say. Asked once for all ways. */
export function whichPortOf(
  context: JobContext,
  { facts: { portPath }, report }: Sighting,
): EntryTools['whichPort'] {
  const { choose, stop, abort } = context.control;
  if (choose === undefined) return undefined;
  let chosen: string | undefined;
  return async (paths) => {
    if (chosen !== undefined && paths.includes(chosen)) return chosen;
    const choices = paths.map((path) => ({ id: path, evidence: '' }));
    const over = AbortSignal.any([stop, abort]);
    chosen = await choose({ id: 'which-serial-port', board: report.name, portPath, choices }, over);
    context.checkStop();
    return chosen;
  };
}

/**
 * The job goes on with the board where it stands now.
 * @throws FlashError `device.locked` when another job has that port
 */
export function follow(context: JobContext, { bus, facts: before, report }: Sighting, facts: Facts): void {
  const { portPath } = facts;
  if (portPath === before.portPath) return;
  const { host, tracker, clock, log } = context.services;
  if (context.control.ports?.follow(portPath) === false)
    throw new FlashError('device.locked', { portPath, pid: process.pid, shell: host.shell });
  tracker.follow(bus.name, before.portPath, facts, clock.now());
  log.write('info', 'enter', `it left port ${before.portPath} and is on port ${portPath} now`);
  const { name: board, virtual, profile } = report;
  context.emit({ type: 'board', board, portPath, virtual, evidence: evidenceOf(facts), profile });
}

/** What its list entry tells. */
function evidenceOf(facts: Facts): string {
  const recognised = recognise(facts, quirksFor(facts));
  const ids = `USB ${formatIds(facts.vendorId, facts.productId)}`;
  return recognised.mode === 'other' ? ids : `${ids}, ${recognised.standard}`;
}
