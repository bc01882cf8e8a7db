/**
 * How a page in the window gets its port to the core. The preload posts exactly one message to the page, once its
 * document is parsed and its module scripts have run:
 *
 *     window.addEventListener('message', (event) => {
 *       if (event.source !== window || event.data !== pagePortMessage) return;
 *       const [port] = event.ports;
 *     });
 *
 * A module script must add that listener before it waits for anything. A reload brings a new port; the old one closes.
 */
export const pagePortMessage = 'rekindle:page-port';

/** Where the window's page lives: a scheme of our own, so that no file or network page shares its origin. */
export const pageScheme = 'app';
export const pageHost = 'rekindle';
export const pageOrigin: string = `${pageScheme}://${pageHost}`;
