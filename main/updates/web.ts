// One question to a server, and its whole answer, bounded in every way. Only https; see address rules in base/web-address.ts.
import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import type { LookupFunction } from 'node:net';
import { rootCertificates } from 'node:tls';
import { FlashError } from '../../shared/errors/flash-error.ts';
import { limits } from '../../shared/limits.ts';
import { cleanText } from '../../shared/text/clean.ts';
import { concatBytes } from '../base/bytes.ts';
import { abortedError, checkWait, remaining, type Wait } from '../base/wait.ts';
import { addressProblem, bareHost, isPublicIp } from '../base/web-address.ts';
import type { ServersOfTests, UpdateServices } from './updates.ts';
import { webError } from './web-errors.ts';

export interface Question {
  readonly address: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A host that the person has named: it alone may be within the person's own network. */
  readonly ownHost: string | undefined;
  readonly limitBytes: number;
  readonly wait: Wait;
  /** For all of it, redirects included, ms. */
  readonly limitMs: number;
  readonly progress?: ((doneBytes: number, totalBytes: number | undefined) => void) | undefined;
  /** Takes the answer piece by piece; nothing of it is held in memory then. */
  readonly take?: ((part: Uint8Array) => Promise<void>) | undefined;
}

export interface Answer {
  readonly status: number;
  /** By name in small letters; several of one name are left out but the first. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whole; nothing where the status means no, or somebody took it piece by piece. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

type Asked = Pick<UpdateServices, 'clock' | 'version' | 'forTests'>;

/**
 * Asks, following redirects. Any status is an answer.
 * @throws FlashError `update.*`, `job.aborted`
 */
export async function askWeb(services: Asked, question: Question): Promise<Answer> {
  const { clock } = services;
  const deadline = clock.now() + Math.min(question.limitMs, remaining(question.wait, clock));
  let { address } = question;
  for (let hop = 0; hop <= limits.webRedirects; hop++) {
    checkAddress(address, hop > 0, question.ownHost, services.forTests);
    const host = hostOf(address);
    // A proxy that is no address, say, is found out before anything is sent.
    const answer = await askOnce(services, { ...question, address, deadline }).catch((error: unknown) => {
      throw webError(error, host);
    });
    const next = redirectOf(answer, address);
    if (next === undefined) return answer;
    address = next;
  }
  throw new FlashError('update.redirects', { host: hostOf(question.address), limit: limits.webRedirects });
}

/** As shown to people: the server and its port where that is not the usual one. */
export function hostOf(address: string): string {
  return URL.parse(address)?.host ?? address.slice(0, 80);
}

function checkAddress(
  address: string,
  redirected: boolean,
  ownHost: string | undefined,
  forTests: ServersOfTests | undefined,
): void {
  const why = addressProblem(address, ownHostOf(address, ownHost, forTests));
  if (why !== undefined)
    throw new FlashError('update.address', { address: address.slice(0, 200), why, redirected });
}

function ownHostOf(
  address: string,
  ownHost: string | undefined,
  forTests: ServersOfTests | undefined,
): string | undefined {
  return forTests?.localServers === true ? bareHost(URL.parse(address)?.hostname ?? '') : ownHost;
}

function redirectOf({ status, headers }: Answer, address: string): string | undefined {
  const { location } = headers;
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined;
  const next = URL.parse(location, address);
  if (next === null)
    throw new FlashError('update.address', {
      address: cleanText(location).slice(0, 200),
      why: 'not-an-address',
      redirected: true,
    });
  return next.href;
}

interface OneQuestion extends Question {
  readonly deadline: number;
}

function askOnce(services: Asked, question: OneQuestion): Promise<Answer> {
  const { clock, version, forTests } = services;
  const { address, wait, deadline } = question;
  checkWait(wait, clock);
  const url = new URL(address);
  const host = url.host;
  const started = clock.now();
  return new Promise((resolve, reject) => {
    // A connection of its own each time: nothing stays open behind a look.
    const agent = new Agent({ keepAlive: false, proxyEnv: process.env });
    const asked = request(url, {
      agent,
      method: 'GET',
      // Whatever the environment says: who cannot prove its name is not believed.
      rejectUnauthorized: true,
      ...(forTests === undefined ? {} : { ca: [...rootCertificates, forTests.authority] }),
      lookup: guardedLookup(url, ownHostOf(address, question.ownHost, forTests)),
      headers: {
        'user-agent': `Rekindle/${version}`,
        // Nothing is unpacked, so nothing can unfold to a thousand times its size.
        'accept-encoding': 'identity',
        ...question.headers,
      },
    });
    let ended = false;
    const end = (act: () => void): void => {
      if (ended) return;
      ended = true;
      stopDeadline();
      stopSilence();
      wait.signal.removeEventListener('abort', onAbort);
      act();
      asked.destroy();
      agent.destroy();
    };
    const fail = (error: FlashError): void => end(() => reject(error));
    const tooLate = (): void =>
      fail(new FlashError('update.timeout', { host, waitedMs: Math.round(clock.now() - started) }));
    const onAbort = (): void => fail(abortedError(wait.signal));
    wait.signal.addEventListener('abort', onAbort, { once: true });
    const stopDeadline = clock.after(deadline - clock.now(), tooLate);
    let stopSilence = clock.after(limits.serverSilentMs, tooLate);
    const heard = (): void => {
      stopSilence();
      stopSilence = ended ? () => undefined : clock.after(limits.serverSilentMs, tooLate);
    };
    asked.on('error', (error) => fail(webError(error, host)));
    asked.on('response', (response) => {
      heard();
      readAnswer(response, host, question, heard).then(
        (answer) => end(() => resolve(answer)),
        (error: unknown) => fail(webError(error, host)),
      );
    });
    asked.end();
  });
}

async function readAnswer(
  response: IncomingMessage,
  host: string,
  { limitBytes, progress, take }: Question,
  heard: () => void,
): Promise<Answer> {
  const status = response.statusCode ?? 0;
  const headers = headersOf(response);
  // What a refusal or a redirect says beside its headers is nobody's business.
  if (status !== 200) return { status, headers, bytes: new Uint8Array() };
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity')
    throw new FlashError('update.malformed', { host, reason: 'it is packed, and was asked not to be' });
  const length = headers['content-length'];
  const total = length === undefined || !/^\d{1,15}$/.test(length) ? undefined : Number(length);
  if (total !== undefined && total > limitBytes)
    throw new FlashError('update.too-large', { host, limit: limitBytes });
  const parts: Uint8Array[] = [];
  let received = 0;
  const cutOff = (cause?: unknown): FlashError =>
    new FlashError('update.cut-off', { host, received, expected: total }, cause);
  try {
    for await (const part of response as AsyncIterable<Uint8Array>) {
      heard();
      received += part.length;
      if (received > limitBytes) throw new FlashError('update.too-large', { host, limit: limitBytes });
      if (take === undefined) parts.push(part);
      else await take(part);
      progress?.(received, total);
    }
  } catch (error) {
    throw error instanceof FlashError ? error : cutOff(error);
  }
  if (!response.complete) throw cutOff();
  return { status, headers, bytes: concatBytes(parts) };
}

function headersOf(response: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) headers[name] = first.slice(0, 4_096);
  }
  return headers;
}

/** Names are looked at again once it is known where they lead: a public name may be given to a private address. */
function guardedLookup(url: URL, ownHost: string | undefined): LookupFunction {
  const asked = bareHost(url.hostname);
  return (hostname, options, callback) => {
    // Of a name that is not found there are no addresses at all, whatever the type says.
    const answered = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[] = []): void => {
      // What is looked up otherwise is the proxy of this computer.
      const mayBePrivate = bareHost(hostname) !== asked || asked === ownHost;
      const [first] = addresses;
      if (error !== null || first === undefined) {
        callback(error ?? new Error('ENOTFOUND'), []);
      } else if (!mayBePrivate && !addresses.every((one) => isPublicIp(one.address))) {
        const params = { address: url.origin, why: 'private', redirected: false } as const;
        callback(new FlashError('update.address', params), []);
      } else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    };
    systemLookup(hostname, { ...options, all: true }, answered);
  };
}
