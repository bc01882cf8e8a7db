// A board as the bus sees it: what both doors, the in-process one and USB/IP, talk to.

/** The eight bytes that open a control transfer (USB 2.0 section 9.3). */
export interface SetupPacket {
  readonly requestType: number;
  readonly request: number;
  readonly value: number;
  readonly index: number;
  readonly length: number;
}

/** How a board answers a transfer: with bytes (in), with an ACK (out), with STALL, or not any more. */
export type TransferReply =
  { kind: 'data'; bytes: Uint8Array } | { kind: 'ack' } | { kind: 'stall' } | { kind: 'gone' };

/** One board while it is on the bus. */
export interface VirtualUsbDevice {
  readonly speed: 'full' | 'high';
  readonly deviceDescriptor: Uint8Array;
  readonly configurationDescriptor: Uint8Array;
  stringDescriptor(index: number, langId: number): Uint8Array | undefined;
  /** Stays pending while the board NAKs; `signal` aborts when the host takes the transfer back. */
  control(setup: SetupPacket, data: Uint8Array, signal: AbortSignal): Promise<TransferReply>;
  /** `endpoint` with its direction bit; data for OUT, the length asked for with IN. */
  bulk?(endpoint: number, dataOrLength: Uint8Array | number, signal: AbortSignal): Promise<TransferReply>;
  /** The host has reset the port. */
  busReset(): void;
}
