import type { VirtualUsbDevice } from '../virtual-usb.ts';

/** What the door needs of a port of the bench. */
export interface ExportedPort {
  readonly portPath: string;
  readonly device: VirtualUsbDevice | undefined;
  /** Rises with every arrival. */
  readonly generation: number;
  onChange(listener: () => void): Disposable;
}

/** What the door needs of the bench. Ports may be added at any time, and stay. */
export interface ExportedBench {
  readonly ports: readonly ExportedPort[];
}
