// Runs in the page's sandbox before the page does. Hands over one port to the core, and nothing else.
import { ipcRenderer } from 'electron';
import { pageOrigin, pagePortMessage } from '../../shared/page-port.ts';

/** What of the DOM is used here; the main process is compiled without it. */
declare const window: {
  readonly location: { readonly origin: string };
  addEventListener(type: 'DOMContentLoaded', listener: () => void, options: { once: true }): void;
  postMessage(message: unknown, targetOrigin: string, transfer: readonly unknown[]): void;
};

function handOver(): void {
  const { port1, port2 } = new MessageChannel();
  ipcRenderer.postMessage(pagePortMessage, null, [port1 as never]);
  window.postMessage(pagePortMessage, pageOrigin, [port2]);
}

if (window.location.origin === pageOrigin) {
  window.addEventListener('DOMContentLoaded', handOver, { once: true });
}
