// Names and numbers of USB DFU 1.0 and 1.1 (DFU 1.1 sections 3 and 6, appendix A.1; dfu.md 1).
// Shared with the bench's boards, so that both sides of the wire read one table.

/** bRequest of the class requests (DFU 1.1 section 3). */
export const DfuRequest = {
  detach: 0,
  download: 1,
  upload: 2,
  getStatus: 3,
  clearStatus: 4,
  getState: 5,
  abort: 6,
} as const;

/** bState (DFU 1.1 section 6.1.2). */
export const DfuState = {
  appIdle: 0,
  appDetach: 1,
  dfuIdle: 2,
  downloadSync: 3,
  downloadBusy: 4,
  downloadIdle: 5,
  manifestSync: 6,
  manifest: 7,
  manifestWaitReset: 8,
  uploadIdle: 9,
  error: 10,
} as const;
export type DfuState = (typeof DfuState)[keyof typeof DfuState];

const stateNames: Record<DfuState, string> = {
  0: 'appIDLE',
  1: 'appDETACH',
  2: 'dfuIDLE',
  3: 'dfuDNLOAD-SYNC',
  4: 'dfuDNBUSY',
  5: 'dfuDNLOAD-IDLE',
  6: 'dfuMANIFEST-SYNC',
  7: 'dfuMANIFEST',
  8: 'dfuMANIFEST-WAIT-RESET',
  9: 'dfuUPLOAD-IDLE',
  10: 'dfuERROR',
};

/** Whether a byte is one of the eleven states. */
export function isDfuState(value: number): value is DfuState {
  return Number.isInteger(value) && value >= 0 && value <= 10;
}

/** `dfuDNLOAD-IDLE`, as the standard spells it; `state 37` for what it does not know. */
export function stateName(state: number): string {
  return isDfuState(state) ? stateNames[state] : `state ${state}`;
}

/** bStatus (DFU 1.1 section 6.1.2). */
export const DfuStatus = {
  ok: 0x00,
  errTarget: 0x01,
  errFile: 0x02,
  errWrite: 0x03,
  errErase: 0x04,
  errCheckErased: 0x05,
  errProg: 0x06,
  errVerify: 0x07,
  errAddress: 0x08,
  errNotDone: 0x09,
  errFirmware: 0x0a,
  errVendor: 0x0b,
  errUsbReset: 0x0c,
  errPowerOnReset: 0x0d,
  errUnknown: 0x0e,
  errStalledPacket: 0x0f,
} as const;

/** Bits of bmAttributes in the functional descriptor (dfu.md 1.2). */
export const DfuAttribute = {
  canDownload: 0x01,
  canUpload: 0x02,
  manifestationTolerant: 0x04,
  willDetach: 0x08,
} as const;

/** bDescriptorType of the functional descriptor; HID uses the same number (dfu.md 1.2). */
export const functionalDescriptorType = 0x21;

/** Interface class and subclass of every DFU interface (dfu.md 1.1). */
export const dfuInterfaceClass = 0xfe;
export const dfuInterfaceSubClass = 0x01;

/** bInterfaceProtocol (dfu.md 1.1): DFU 1.0 has 0 in both modes. */
export const DfuProtocol = { version10: 0, runtime: 1, dfuMode: 2 } as const;

/** bcdDFUVersion values that mean something (dfu.md 1.2). */
export const DfuVersion = { dfu10: 0x0100, dfu11: 0x0110, dfuse: 0x011a } as const;
