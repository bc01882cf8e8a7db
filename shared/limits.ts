/** Every bound in one place, so that a refusal can name the limit it met. Sizes in bytes, times in ms. */
export const limits = {
  /** One firmware file that is not a container of several. */
  fileBytes: 64 * 1024 * 1024,
  /** A container (DfuSe, and archives when they come). */
  containerBytes: 256 * 1024 * 1024,
  /** Lowest to highest address of one image; gaps are never allocated. */
  imageSpanBytes: 256 * 1024 * 1024,
  /** Elements of a DfuSe container (dfu.md 3.2). */
  elements: 10_000,
  /** Text from a device or a file, in bytes. */
  textBytes: 255,
  /** Sectors one memory map may describe: more is nonsense or an attack. */
  mapSectors: 65_536,
  /** One control transfer's data stage: usbfs and WinUSB take no more (dfu.md 1.2). */
  controlBytes: 4096,
  /** Most bytes read from a board whose size nobody knows (dfu.md 1.10: some uploads never end). */
  uploadBytes: 64 * 1024 * 1024,
  /** A log line. */
  logLineBytes: 8 * 1024,
  /** A recorded trace. */
  traceBytes: 256 * 1024 * 1024,
} as const;
