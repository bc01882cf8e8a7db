// A NanoVNA's shell on its serial port (devices.md 5.4): prompt "ch> ", CR ends a command, what is typed comes back.
// Others may be typing, too: ModemManager sends AT commands to every new port, and the board may print by itself.
import { isFlashError } from '../../../shared/errors/flash-error.ts';
import { limits } from '../../../shared/limits.ts';
import { checkWait, shrink } from '../../base/wait.ts';
import type { SerialLine } from '../../transports/serial/serial-line.ts';
import type { FamilyTools } from '../family.ts';

const prompt = 'ch> ';
/** A shell that is there answers a lone CR within this, ms; ours, generous. */
const promptLimitMs = 1_000;
/** Nothing more comes after this much silence, ms. */
const quietMs = 100;
/** The longest silence inside one answer, ms. */
const silenceLimitMs = 2_000;
/** One answer, ms: 401 lines of two numbers take well under a second. */
const answerLimitMs = 15_000;
/** Whatever else types on the line does not do so for ever. */
const tries = 3;

/** A shell that has answered. */
export interface Shell {
  /**
   * The lines between the echo of a command and the next prompt; undefined when no try gave one.
   * @param isSound an answer that something else wrote into is asked for again
   * @throws FlashError as the line does, `job.aborted`, `job.timeout` of the caller's own wait
   */
  ask(
    command: string,
    isSound?: (lines: readonly string[]) => boolean,
  ): Promise<readonly string[] | undefined>;
}

/** Finds the shell, or undefined where none answers. @throws FlashError as the line does, `job.aborted` */
export async function openShell(line: SerialLine, tools: FamilyTools): Promise<Shell | undefined> {
  if (!(await findPrompt(line, tools))) return undefined;
  return {
    async ask(command, isSound = () => true) {
      for (let attempt = 0; attempt < tries; attempt++) {
        checkWait(tools.wait, tools.clock);
        await line.write(ascii(`${command}\r`), shrink(tools.wait, tools.clock, promptLimitMs));
        const text = await readUntil(line, tools, (so) => answerIn(so, command) !== undefined);
        const lines = answerIn(text, command);
        if (lines !== undefined && isSound(lines)) return lines;
        tools.log.write('info', 'nanovna', `no clean answer to "${command}", try ${attempt + 1}`);
        if (attempt + 1 < tries && !(await findPrompt(line, tools))) return undefined;
      }
      return undefined;
    },
  };
}

/** An empty line ends whatever half-typed command stands there, and shows the prompt. */
async function findPrompt(line: SerialLine, tools: FamilyTools): Promise<boolean> {
  for (let attempt = 0; attempt < tries; attempt++) {
    checkWait(tools.wait, tools.clock);
    await line.write(ascii('\r'), shrink(tools.wait, tools.clock, promptLimitMs));
    const text = await readUntil(line, tools, (so) => so.endsWith(prompt), promptLimitMs);
    // What is still under way belongs to somebody else's command.
    const rest = await readUntil(line, tools, () => false, promptLimitMs, quietMs);
    if (`${text}${rest}`.endsWith(prompt)) return true;
  }
  return false;
}

/** All that comes until it is enough, too much, too late or silent for too long. */
async function readUntil(
  line: SerialLine,
  tools: FamilyTools,
  isEnough: (text: string) => boolean,
  limitMs = answerLimitMs,
  silenceMs = silenceLimitMs,
): Promise<string> {
  const { clock } = tools;
  const wait = shrink(tools.wait, clock, limitMs);
  let text = '';
  while (text.length < limits.shellAnswerBytes && clock.now() < wait.deadline) {
    try {
      text += textOf(await line.read(shrink(wait, clock, silenceMs)));
    } catch (error) {
      if (!isFlashError(error, 'job.timeout')) throw error;
      checkWait(tools.wait, clock);
      return text;
    }
    if (text.endsWith(prompt) && isEnough(text)) return text;
  }
  return text;
}

/** The answer to a command; undefined where its echo was mangled or the prompt has not come yet. */
function answerIn(text: string, command: string): readonly string[] | undefined {
  if (!text.endsWith(`\n${prompt}`)) return undefined;
  const lines = text.split(/\r\n|\r|\n/);
  const echo = lines.findLastIndex((one) => withoutPrompt(one) === command);
  if (echo < 0) return undefined;
  const after = lines.slice(echo + 1);
  // Somebody else's command came after ours: what follows its prompt is not for us.
  return after.slice(
    0,
    after.findIndex((one) => one.startsWith(prompt)),
  );
}

function withoutPrompt(line: string): string {
  return line.startsWith(prompt) ? line.slice(prompt.length) : line;
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** Printable ASCII and line ends; anything else is noise, and stays visible as such. */
function textOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes)
    if (byte === 0x0d || byte === 0x0a || (byte >= 0x20 && byte < 0x7f)) text += String.fromCharCode(byte);
    else if (byte !== 0) text += '\u{fffd}';
  return text;
}
