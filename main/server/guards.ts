// Who may come in: programs of this computer's other users, and pages of other sites, may not (floor plan, Contract).
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../base/clock.ts';

/** A start code lives this long, ms; it stands on a command line, where others may see it. */
const codeLifeMs = 30_000;
const tokenPrefix = 'rekindle.token.';
/** What we speak over the socket, once we are let in. */
export const subprotocol = 'rekindle';

/** One session: one code at a time, one token for as long as the server runs. */
export class Session {
  readonly #clock: Clock;
  #code: { readonly text: string; readonly until: number } | undefined;
  #token: string | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A new code, to be used once; an earlier one is worth nothing from now on. */
  newCode(): string {
    const text = randomBytes(32).toString('base64url');
    this.#code = { text, until: this.#clock.now() + codeLifeMs };
    return text;
  }

  /** The token for a code; undefined when it is wrong, used or too old. Each try spends the code. */
  exchange(code: string): string | undefined {
    const wanted = this.#code;
    this.#code = undefined;
    if (wanted === undefined || this.#clock.now() > wanted.until || !same(code, wanted.text))
      return undefined;
    return (this.#token ??= randomBytes(32).toString('base64url'));
  }

  isToken(text: string): boolean {
    return this.#token !== undefined && same(text, this.#token);
  }
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Exactly our own address as Host: a name that was rebound to 127.0.0.1 is not. */
export function hostIsOurs(request: IncomingMessage, origin: string): boolean {
  return request.headers.host === new URL(origin).host;
}

/** Exactly our own page: requests without Origin come from no page of ours. */
export function originIsOurs(request: IncomingMessage, origin: string): boolean {
  return request.headers.origin === origin;
}

/** The token a page sent as a subprotocol. */
export function tokenOf(request: IncomingMessage): string | undefined {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim());
  return offered.find((one) => one.startsWith(tokenPrefix))?.slice(tokenPrefix.length);
}
