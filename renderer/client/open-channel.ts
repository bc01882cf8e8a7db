// Which of the two shells we are in, and how to reach its core.
import { pagePortMessage } from '../../shared/page-port.ts';
import { openSocket, overPort } from './carriers.ts';
import type { PageChannel } from './channel.ts';

const tokenKey = 'rekindle-token';

/** Why there is no core to talk to. */
export type NoChannel = 'no-code' | 'refused' | 'gone';

/** The window's port; listening starts when this module is loaded, for the port may come before we ask. */
const windowPort =
  location.protocol === 'app:'
    ? new Promise<MessagePort>((resolve) => {
        window.addEventListener('message', function take({ data, source, ports }: MessageEvent<unknown>) {
          const [port] = ports;
          if (source !== window || data !== pagePortMessage || port === undefined) return;
          window.removeEventListener('message', take);
          resolve(port);
        });
      })
    : undefined;

/** There is no core to talk to, and trying again by itself is of no use. */
export class NoChannelError extends Error {
  readonly why: NoChannel;

  constructor(why: NoChannel) {
    super(why);
    this.why = why;
  }
}

/** Opens the channel to the core. @throws NoChannelError */
export async function openChannel(): Promise<PageChannel> {
  if (windowPort !== undefined) return overPort(await windowPort);
  const token = await ourToken();
  const socket = `${location.origin.replace(/^http/, 'ws')}/socket`;
  try {
    return await openSocket(socket, token);
  } catch {
    throw new NoChannelError(await whyNot());
  }
}

/** A start code is good once; the token it is exchanged for lasts as long as this tab and the server. */
async function ourToken(): Promise<string> {
  const code = /^#code=([\w-]+)$/.exec(location.hash)?.[1];
  if (code !== undefined) {
    history.replaceState(null, '', location.pathname);
    const response = await fetch('/session', { method: 'POST', body: code }).catch(() => undefined);
    if (response?.ok === true) sessionStorage.setItem(tokenKey, await response.text());
  }
  const token = sessionStorage.getItem(tokenKey);
  if (token === null) throw new NoChannelError('no-code');
  return token;
}

/** A server that still answers has refused us; one that does not is gone. */
async function whyNot(): Promise<NoChannel> {
  const answer = await fetch('/', { method: 'GET' }).catch(() => undefined);
  return answer === undefined ? 'gone' : 'refused';
}
