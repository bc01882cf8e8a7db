// Numbers of the USB/IP protocol (Linux kernel, Documentation/usb/usbip_protocol.rst). Everything is big-endian.

/** USBIP_VERSION of the two introductory messages. */
export const protocolVersion = 0x0111;

/** The introductory messages: sent once, before a connection carries transfers. */
export const Operation = {
  requestDeviceList: 0x8005,
  replyDeviceList: 0x0005,
  requestImport: 0x8003,
  replyImport: 0x0003,
} as const;

/** Status field of an introductory reply. */
export const OperationStatus = { ok: 0, notAvailable: 1, busy: 2, noSuchDevice: 4 } as const;

/** The messages of an imported device. */
export const Command = { submit: 1, unlink: 2, returnSubmit: 3, returnUnlink: 4 } as const;

/** Direction field of a command. */
export const Direction = { out: 0, in: 1 } as const;

/** Linux's enum usb_device_speed, which device records and vhci_hcd share. */
export const SpeedCode = { full: 2, high: 3 } as const;

/** Status of a finished transfer: negative Linux errno values. */
export const TransferStatus = {
  ok: 0,
  /** -ENODEV: the device has left. */
  gone: -19,
  /** -EPIPE: refused with STALL. */
  stall: -32,
  /** -EPROTO: what usbip's own server answers for a transfer the device cannot take. */
  protocol: -71,
  /** -EOVERFLOW: more came than was asked for. */
  overflow: -75,
  /** -EREMOTEIO: fewer bytes came, where the client called that an error. */
  short: -121,
  /** -ECONNRESET: unlinked while pending. */
  unlinked: -104,
} as const;

/** Every command and its answer start with a header of this size. */
export const headerBytes = 48;

/**
 * What a client may ask of us, so that a hostile one cannot make us hold more. Linux splits bulk transfers
 * at 16 KiB in usbfs and a control transfer's length has 16 bits, so real clients stay far below.
 */
export const usbipLimits = {
  /** One transfer's buffer. */
  transferBytes: 1024 * 1024,
  /** Transfers of one connection that wait for the device. */
  pendingTransfers: 256,
  /** Bytes held or promised for those. */
  pendingBytes: 4 * 1024 * 1024,
  /** Connections at a time, over all ports. */
  connections: 64,
  /** Silence in the middle of a message, or before the first one, ms. */
  silenceMs: 10_000,
  /** How long a client may take to close after we have, ms. */
  partingMs: 1_000,
} as const;
