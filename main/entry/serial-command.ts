// A command in the shell of the board's program (devices.md 5.3, 5.4). Other boards share the ids: until the prompt has been
// seen, nothing but line ends is sent (devices.md 5.2).
import { FlashError, isFlashError } from '../../shared/errors/flash-error.ts';
import { limits } from '../../shared/limits.ts';
import { cleanText } from '../../shared/text/clean.ts';
import { checkWait, shrink } from '../base/wait.ts';
import type { SoftwareWay } from '../devices/ways.ts';
import type { SerialLine } from '../transports/serial/serial-line.ts';
import { waitForFlashMode } from './arrival.ts';
import { openBoardLine } from './open-line.ts';
import type { Enter, EntryTools } from './way.ts';

type Command = Extract<SoftwareWay, { kind: 'serial-command' }>;

/** USB serial programs take any speed; this one is usual (devices.md 5.3: any baud). */
const baud = 115_200;
/** A shell that is there answers an empty line within this; ours, ms. */
const promptLimitMs = 1_000;
/** It has said all when it is silent this long; ours, ms. */
const quietMs = 100;
/** Whoever else types on the line, or a half-typed command, spoils no more than this many tries. */
const promptTries = 3;
/** A command that came out garbled, as another program typed into it, is sent once more. */
const commandTries = 2;
const writeLimitMs = 2_000;
/** What it says to the command comes within this, if it stays at all; ours, ms. */
const answerLimitMs = 500;
/** Kept of what came, for the prompt and for people; letters. */
const keptLetters = 200;

export const enterByCommand: Enter<Command> = async (board, way, tools) => {
  const answer = await sendCommand(await openBoardLine(board, baud, tools), way, tools);
  return await waitForFlashMode(board, way.limitMs, tools, answer);
};

/** The line is closed before the board is looked for: an open one can hold re-enumeration up (dfu.md 1.7 step 6). */
async function sendCommand(opened: SerialLine, way: Command, tools: EntryTools): Promise<string> {
  await using line = opened;
  let answer = '';
  for (let attempt = 0; attempt < commandTries; attempt++) {
    await findPrompt(line, way.prompt, tools);
    tools.log.write('info', 'entry', `${line.facts.path}: prompt seen, sending "${way.command}"`);
    try {
      await write(line, `${way.command}\r`, tools);
      const said = await listen(line, tools, answerLimitMs);
      answer = answerTo(said, way);
      // No prompt after it: the program has ended, or is about to.
      if (!said.endsWith(way.prompt)) return answer;
    } catch (error) {
      // It went while we spoke to it: that is what it was told to do.
      if (isFlashError(error, 'serial.gone')) return '';
      throw error;
    }
  }
  return answer;
}

/** @throws FlashError `entry.no-prompt`, `serial.*`, `job.*`; no command was sent */
async function findPrompt(line: SerialLine, prompt: string, tools: EntryTools): Promise<void> {
  let heard = '';
  for (let attempt = 0; attempt < promptTries; attempt++) {
    // An empty line ends whatever half-typed command stands there, and shows the prompt.
    await write(line, '\r', tools);
    heard = await listen(line, tools, promptLimitMs);
    if (heard.endsWith(prompt)) return;
  }
  throw new FlashError('entry.no-prompt', { path: line.facts.path, wanted: prompt, heard: lastLine(heard) });
}

/** @throws FlashError `serial.failed` when the port takes nothing */
async function write(line: SerialLine, text: string, tools: EntryTools): Promise<void> {
  const { clock, wait } = tools;
  try {
    const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    await line.write(bytes, shrink(wait, clock, writeLimitMs));
  } catch (error) {
    if (!isFlashError(error, 'job.timeout')) throw error;
    checkWait(wait, clock);
    throw new FlashError('serial.failed', { path: line.facts.path, detail: 'it takes no bytes' }, error);
  }
}

/** The end of what comes until there is silence, or the time is over: a board may talk for ever. */
async function listen(line: SerialLine, tools: EntryTools, limitMs: number): Promise<string> {
  const { clock } = tools;
  const wait = shrink(tools.wait, clock, limitMs);
  let text = '';
  let silenceMs = limitMs;
  while (clock.now() < wait.deadline) {
    try {
      const bytes = await line.read(shrink(wait, clock, silenceMs));
      for (const byte of bytes.subarray(-limits.serialReadBytes)) text += letterOf(byte);
      text = text.slice(-keptLetters);
      silenceMs = quietMs;
    } catch (error) {
      if (!isFlashError(error, 'job.timeout')) throw error;
      checkWait(tools.wait, clock);
      return text;
    }
  }
  checkWait(tools.wait, clock);
  return text;
}

/** Printable ASCII and line ends; what is not stays visible as such. */
function letterOf(byte: number): string {
  return byte === 0x0d || byte === 0x0a || (byte >= 0x20 && byte < 0x7f)
    ? String.fromCharCode(byte)
    : '\u{fffd}';
}

/** What a shell said to a command, without its echo and the next prompt. */
function answerTo(said: string, { command, prompt }: Command): string {
  const lines = said.split(/[\r\n]+/).map((one) => one.trim());
  const own = lines.filter((one) => one !== '' && one !== prompt.trim() && !one.endsWith(command));
  return cleanText(own.join(' ')).slice(0, keptLetters);
}

function lastLine(text: string): string {
  const lines = text.split(/[\r\n]+/).filter((one) => one.trim() !== '');
  return cleanText(lines.at(-1) ?? '').slice(0, 60);
}
