// What the shells see of the studio: ports to serve, and what runs.
import type { Host } from '../host.ts';

/** One end of a message channel to a page. Electron's `MessagePortMain` is one. */
export interface ServedPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  /** Messages wait in the port until this is called. */
  start(): void;
  close(): void;
}

/** The core behind the typed API, as a shell holds it. */
export interface Studio {
  /** Answers the page at the other end until the port closes. */
  servePort(port: ServedPort): void;
  /** The jobs that run now, each with what would become of its board if the program ended. */
  busy(): readonly { boardName: string; ifQuitNow: string }[];
  onBusyChange(listener: () => void): Disposable;
  /** Stops what runs at the next safe point and lets go of every board. */
  close(): Promise<void>;
}

/** Opens the studio. */
export async function openStudio(_host: Host): Promise<Studio> {
  return {
    servePort: (port) => port.close(),
    busy: () => [],
    onBusyChange: () => ({ [Symbol.dispose]: () => undefined }),
    close: async () => undefined,
  };
}
