// A file chosen on one screen for another: files cannot stand in an address.

/** A file, and how it is to be read. */
export interface HandedFile {
  readonly file: File;
  readonly asRaw: boolean;
  readonly entry: string | undefined;
}

const waiting = new Map<string, HandedFile>();

/** Leaves a file for the page of a board, which is gone to next. */
export function handOver(portPath: string, handed: HandedFile): void {
  waiting.clear();
  waiting.set(portPath, handed);
}

/** Takes what was left for a board's page, once. */
export function takeHandedOver(portPath: string): HandedFile | undefined {
  const handed = waiting.get(portPath);
  waiting.clear();
  return handed;
}
