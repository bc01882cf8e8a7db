// What a page may not do: leave, open windows, ask for devices, reach the network.
import type { Event, Session, WebContents } from 'electron';
import { pageOrigin } from '../../shared/page-port.ts';
import type { Log } from '../log/log.ts';

/** *Copy report* writes plain text to the clipboard after a click; Chromium asks under this name. */
const allowedPermission = 'clipboard-sanitized-write';

/** Denies every permission but one, every device, every download that is not the page's own, every other address. */
export function lockSession(session: Session, log: Log): void {
  session.setPermissionRequestHandler((_contents, permission, grant, details) => {
    grant(permission === allowedPermission && isOwnPage(details.requestingUrl));
  });
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => permission === allowedPermission && isOwnPage(origin),
  );
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => {
    answer(null);
  });
  session.webRequest.onBeforeRequest((details, answer) => {
    const cancel = !mayBeRequested(details.url);
    if (cancel) log.write('warn', 'window', `refused a request to ${originOf(details.url)}`);
    answer({ cancel });
  });
  session.on('will-download', (event, item) => {
    if (!item.getURL().startsWith(`blob:${pageOrigin}/`)) event.preventDefault();
  });
}

/** Applied to every page there will ever be, as soon as it exists. */
export function lockContents(contents: WebContents, log: Log): void {
  const stay = (event: Event<{ url: string }>): void => {
    // A reload is a navigation to where we are.
    if (isOwnPage(event.url)) return;
    event.preventDefault();
    log.write('warn', 'window', `refused to go to ${originOf(event.url)}`);
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
  contents.setWindowOpenHandler(({ url }) => {
    log.write('warn', 'window', `refused to open ${originOf(url)}`);
    return { action: 'deny' };
  });
}

/** Whether an address is our page: compared by its parsed origin, as a prefix could be `app://rekindle.example`. */
export function isOwnPage(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && `${url.protocol}//${url.host}` === pageOrigin;
}

/** The page, what it makes itself, and the developer tools' own files, which exist only outside of packages. */
function mayBeRequested(address: string): boolean {
  return isOwnPage(address) || /^(blob:app:\/\/rekindle\/|data:|devtools:)/.test(address);
}

/** Enough for a log; the rest of an address may hold what is nobody's business. */
function originOf(address: string): string {
  const url = URL.parse(address);
  return url === null ? 'no address' : `${url.protocol}//${url.host}`;
}
