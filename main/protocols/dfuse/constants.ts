// DfuSe 1.1a command bytes (AN3156; dfu.md 2.3). Shared with the bench's boards.

/** First byte of a DNLOAD with wBlockNum 0. */
export const DfuseCommand = {
  getCommands: 0x00,
  setAddress: 0x21,
  erase: 0x41,
  readUnprotect: 0x92,
} as const;

/** wBlockNum of the first data block; 0 carries commands, 1 is reserved. */
export const firstDataBlock = 2;

/** Data blocks one address pointer serves: wBlockNum is 16 bits wide. */
export const blocksPerAddress = 0x10000 - firstDataBlock;
