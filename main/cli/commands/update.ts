// Newer firmware for the board that is there: looked for, told, and installed by the same job as any other.
import type { BoardUpdates, JudgedOffer } from '../../../shared/board-updates.ts';
import { FlashError, isFlashError } from '../../../shared/errors/flash-error.ts';
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
import {
  lookForProfile,
  openOffer,
  startWait,
  updatesOf,
  type FirmwareImage,
  type FlashRequest,
  type Found,
  type JobRequest,
  type LookOptions,
  type Selection,
  type Sighting,
} from '../../core.ts';
import type { Terminal } from '../ask.ts';
import { chooseOffer, refuseUnknownBoard, undecided } from '../choose-offer.ts';
import { fetchAndTell } from '../fetch-told.ts';
import { platform } from '../host.ts';
import { listenForInterrupt, type Interrupt } from '../interrupt.ts';
import { writeJson, writeJsonEvent } from '../report-json.ts';
import { TextReporter } from '../report-text.ts';
import { runJobInTerminal } from '../run-job.ts';
import { openShell, selectionOf, type Shell } from '../shell.ts';
import { armed, checkBoardOptions, flashRequestOf, type FlashOptions } from './jobs.ts';
import { say } from './sources.ts';

export interface UpdateOptions extends FlashOptions {
  readonly check?: boolean;
  readonly kept?: boolean;
  readonly version?: string;
}

/** For finding a board that is there; what `--wait` gives comes on top. */
const findLimitMs = 30_000;

/** Looks, tells, and with a yes installs. @throws FlashError `device.*`, `update.*`, `usage`, `job.aborted` */
export async function updateBoard(options: UpdateOptions): Promise<ExitCode> {
  // What cannot be meant is said before anything is opened.
  flashRequestOf([], options);
  return await updateOn(await openShell(options), options);
}

/** @param terminal who is asked; the program's own unless given */
export async function updateOn(shell: Shell, options: UpdateOptions, terminal?: Terminal): Promise<ExitCode> {
  const reporter = new TextReporter(process.stdout, options.guide === true);
  if (options.guide === true) checkBoardOptions(options, shell);
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
): Promise<JobRequest | ExitCode> {
  using interrupt = listenForInterrupt('watch');
  const { check = false, json = false, version } = options;
  const found =
    options.guide === true
      ? await lookWithoutBoard(shell, options, interrupt)
      : await lookAtBoard(shell, options, reporter, interrupt);
  const updates = updatesOf(found);
  if (!json) say(standingLines(updates, platform, check));
  const offer = chooseOffer(updates, version);
  const refusal = offer === undefined && !check ? undecided(updates) : undefined;
  if (!json) tell(updates, offer, { check, refused: refusal !== undefined });
  if (refusal !== undefined) throw refusal;
  if (offer === undefined || check) return codeOfLooks(updates);
  return requestFor(found, await fetchFor(shell, { found, offer }, options, interrupt), options);
}

/** The board that is there, and no other. */
async function lookAtBoard(
  shell: Shell,
  options: UpdateOptions,
  reporter: TextReporter,
  { abort }: Interrupt,
): Promise<Found> {
  const { clock, core, sources } = shell;
  const { json = false } = options;
  const selection = selectionOf(options);
  const show: TextReporter['show'] = json ? writeJsonEvent : (event) => reporter.show(event);
  if (selection.waitMs > 0) show({ type: 'waiting', for: 'board' });
  const find = (wanted: Selection): Promise<Sighting> =>
    core.find(wanted, startWait(clock, findLimitMs + wanted.waitMs, abort));
  const sighting = await find(selection).catch((error: unknown) => {
    // To be told what there is, it need not be in flash mode.
    if (options.check !== true || !isFlashError(error, 'device.none')) throw error;
    return find({ ...selection, waitMs: 0, running: true });
  });
  const { name: board, portPath, virtual, evidence, profile } = sighting.report;
  show({ type: 'board', board, portPath, virtual, evidence, profile });
  const found = await core.lookFor(sighting, sources, lookOptions(shell, options, abort));
  tellJson(found, json);
  refuseUnknownBoard(updatesOf(found), sighting.report);
  return found;
}

/** A board that is yet to come: a hand brings it when everything is settled. */
async function lookWithoutBoard(shell: Shell, options: UpdateOptions, { abort }: Interrupt): Promise<Found> {
  const profile = shell.core.profiles.find(({ id }) => id === options.board);
  if (profile === undefined) throw new FlashError('api.unknown', { what: 'board' });
  const found = await lookForProfile(shell.sources, profile, lookOptions(shell, options, abort));
  tellJson(found, options.json === true);
  return found;
}

function lookOptions({ clock }: Shell, { json, kept }: UpdateOptions, abort: AbortSignal): LookOptions {
  if (json !== true && kept !== true) say([updateWords.looking]);
  return {
    wait: startWait(clock, limits.boardLookMs, abort),
    ask: kept === true ? 'kept' : 'sources',
  };
}

function tellJson(found: Found, json: boolean): void {
  const updates = updatesOf(found);
  if (json) writeJson('updates', { title: updatesTitle(updates), updates });
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
  { found, offer }: { readonly found: Found; readonly offer: JudgedOffer },
  { entry, kept, json = false }: UpdateOptions,
  { abort }: Interrupt,
): Promise<FirmwareImage> {
  const fetched = await fetchAndTell(offer, json, (progress) =>
    openOffer(sources, found, offer.id, {
      wait: startWait(clock, limits.offerFetchMs, abort),
      ask: kept === true ? 'kept' : 'sources',
      progress,
      ...(entry === undefined ? {} : { entry }),
    }),
  );
  const { image, signature, kept: file } = fetched;
  if (json) writeJson('fetched', { offer: offer.id, version: offer.version, ...file, signature });
  else say(['', ...fetchedLines(file, signature)]);
  return image;
}

/** The board that was looked at, and no other that may have come since; one that shows itself for seconds only is waited for. */
function requestFor({ profile, standing }: Found, image: FirmwareImage, options: UpdateOptions): JobRequest {
  const flash: FlashRequest = {
    ...flashRequestOf([image], options),
    fromStart: true,
    selection: {
      device: standing.portPath,
      profile: standing.profile,
      interfaceNumber: options.interface,
      waitMs: 0,
    },
  };
  if (options.guide === true) return armed(flash, options);
  if (profile?.window === undefined) return flash;
  return armed(flash, { ...options, board: profile.id, device: standing.portPath, guide: true });
}
