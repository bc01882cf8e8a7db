// Newer firmware for the board that is there: looked for, told, and installed by the same job as any other.
import type { BoardUpdates, JudgedOffer } from '../../../shared/board-updates.ts';
import { limits } from '../../../shared/limits.ts';
import { ExitCode, exitCodeOfError } from '../../../shared/result.ts';
import { updatesTitle, updateWords } from '../../../shared/text/board-updates.ts';
import {
  fetchedLines,
  makerLines,
  offerLines,
  otherLines,
  standingLines,
  titleLine,
  updateLineWords,
} from '../../../shared/text/update-lines.ts';
import { openOffer, startWait, updatesOf, type FlashRequest, type Found, type Sighting } from '../../core.ts';
import type { Terminal } from '../ask.ts';
import { chooseOffer, refuseUnknownBoard, undecided } from '../choose-offer.ts';
import { fetchAndTell } from '../fetch-told.ts';
import { platform } from '../host.ts';
import { listenForInterrupt, type Interrupt } from '../interrupt.ts';
import { writeJson, writeJsonEvent } from '../report-json.ts';
import { TextReporter } from '../report-text.ts';
import { runJobInTerminal } from '../run-job.ts';
import { openShell, selectionOf, type Shell } from '../shell.ts';
import { flashRequestOf, type FlashOptions } from './jobs.ts';
import { say } from './sources.ts';

export interface UpdateOptions extends FlashOptions {
  readonly check?: boolean;
  readonly kept?: boolean;
  readonly version?: string;
}

/** For finding a board that is there; what `--wait` gives comes on top. */
const findLimitMs = 30_000;

/** Looks, tells, and with a yes installs. @throws FlashError `device.*`, `update.*`, `usage`, `job.aborted` */
export async function update(options: UpdateOptions): Promise<ExitCode> {
  // What cannot be meant is said before anything is opened.
  flashRequestOf([], options);
  return await updateOn(await openShell(options), options);
}

/** @param terminal who is asked; the program's own unless given */
export async function updateOn(shell: Shell, options: UpdateOptions, terminal?: Terminal): Promise<ExitCode> {
  const reporter = new TextReporter();
  const request = await prepare(shell, options, reporter);
  if (typeof request === 'number') return request;
  return await runJobInTerminal(shell, request, {
    json: options.json === true,
    yes: options.yes === true,
    reporter,
    ...(terminal === undefined ? {} : { terminal }),
  });
}

/** All there is to do before a job: the request for it, or how the command ends without one. */
async function prepare(
  shell: Shell,
  options: UpdateOptions,
  reporter: TextReporter,
): Promise<FlashRequest | ExitCode> {
  using interrupt = listenForInterrupt('watch');
  const sighting = await find(shell, options, reporter, interrupt);
  if (options.json !== true && options.kept !== true) say([updateWords.looking]);
  const ask = options.kept === true ? 'kept' : 'sources';
  const wait = startWait(shell.clock, limits.boardLookMs, interrupt.abort);
  const found = await shell.core.lookFor(sighting, shell.sources, { wait, ask });
  const updates = updatesOf(found);
  if (options.json === true) writeJson('updates', { title: updatesTitle(updates), updates });
  refuseUnknownBoard(updates, sighting.report);
  if (options.json !== true) say(standingLines(updates, platform, options.check === true));
  const offer = chooseOffer(updates, options.version);
  const refusal = offer === undefined && options.check !== true ? undecided(updates) : undefined;
  if (options.json !== true)
    tell(updates, offer, { check: options.check === true, refused: refusal !== undefined });
  if (refusal !== undefined) throw refusal;
  if (offer === undefined || options.check === true) return codeOfLooks(updates);
  return await fetchFor(shell, { found, offer, sighting }, options, interrupt);
}

async function find(
  { core, clock }: Shell,
  options: UpdateOptions,
  reporter: TextReporter,
  { abort }: Interrupt,
): Promise<Sighting> {
  const selection = selectionOf(options);
  const tell: TextReporter['show'] = options.json === true ? writeJsonEvent : (event) => reporter.show(event);
  if (selection.waitMs > 0) tell({ type: 'waiting', for: 'board' });
  const sighting = await core.find(selection, startWait(clock, findLimitMs + selection.waitMs, abort));
  const { name: board, portPath, virtual, evidence, profile } = sighting.report;
  tell({ type: 'board', board, portPath, virtual, evidence, profile });
  return sighting;
}

/** Why nothing is chosen comes as an error, behind all of this. */
function tell(
  updates: BoardUpdates,
  offer: JudgedOffer | undefined,
  { check, refused }: { readonly check: boolean; readonly refused: boolean },
): void {
  if (check || (offer === undefined && !refused)) say([titleLine(updates)]);
  if (offer !== undefined) say(['', ...offerLines(offer)]);
  if (offer !== undefined && !check) return;
  if (offer !== undefined && offer.id === updates.best) say([updateLineWords.installs]);
  const rest = [...otherLines(updates, offer?.id), ...makerLines(updates)];
  if (rest.length > 0) say(['', ...rest]);
}

/** That nothing newer was found means little where somebody could not be asked. */
function codeOfLooks({ looks }: BoardUpdates): ExitCode {
  const problem = looks.find((look) => look.problem !== undefined)?.problem;
  if (problem !== undefined) return exitCodeOfError(problem.code);
  const never = looks.length > 0 && looks.every(({ at }) => at === undefined);
  return never ? ExitCode.noSuchFile : ExitCode.done;
}

/** The file is here, and is what was offered, before the board is asked for anything. */
async function fetchFor(
  { sources, clock }: Shell,
  { found, offer, sighting }: { found: Found; offer: JudgedOffer; sighting: Sighting },
  options: UpdateOptions,
  { abort }: Interrupt,
): Promise<FlashRequest> {
  const { entry, kept, json = false } = options;
  const fetched = await fetchAndTell(offer, json, (progress) =>
    openOffer(sources, found, offer.id, {
      wait: startWait(clock, limits.offerFetchMs, abort),
      ask: kept === true ? 'kept' : 'sources',
      progress,
      ...(entry === undefined ? {} : { entry }),
    }),
  );
  const { fileName, sizeBytes, sha256, digest, from, fetchedAt } = fetched.kept;
  const { signature } = fetched;
  if (json) {
    const file = { fileName, sizeBytes, sha256, digest, signature, from, fetchedAt };
    writeJson('fetched', { offer: offer.id, version: offer.version, ...file });
  } else say(['', ...fetchedLines(fetched.kept, signature)]);
  const { profile } = found.standing;
  return {
    ...flashRequestOf([fetched.image], options),
    fromStart: true,
    // The board that was looked at, and no other that may have come since.
    selection: {
      device: sighting.report.portPath,
      profile,
      interfaceNumber: options.interface,
      waitMs: 0,
    },
  };
}
