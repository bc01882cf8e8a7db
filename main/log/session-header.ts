import os from 'node:os';

declare const REKINDLE_LIBRARIES: string;

/** What every log begins with: all versions that may matter to whoever reads it. */
export function sessionHeader(program: { readonly version: string; readonly shell: string }): string[] {
  const { node, v8, electron, chrome } = process.versions as Readonly<Record<string, string | undefined>>;
  const window = electron === undefined ? '' : `, Electron ${electron}, Chromium ${chrome ?? 'unknown'}`;
  return [
    `Rekindle ${program.version} (${program.shell}), process ${process.pid}`,
    `Node ${node ?? 'unknown'}, V8 ${v8 ?? 'unknown'}${window}`,
    `${os.type()} ${os.release()} ${os.arch()}, ${os.version()}`,
    REKINDLE_LIBRARIES,
  ];
}
