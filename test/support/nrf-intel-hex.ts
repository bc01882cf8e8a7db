// nrf-intel-hex as an oracle. Its types say default export and its code says module.exports, so it is typed here.
import module from 'nrf-intel-hex';

export interface MemoryMap extends Iterable<[number, Uint8Array]> {
  set(address: number, bytes: Uint8Array): void;
  join(): MemoryMap;
  asHexString(lineSize?: number): string;
}

interface MemoryMapClass {
  new (): MemoryMap;
  fromHex(text: string): MemoryMap;
}

export const NrfMemoryMap = module as unknown as MemoryMapClass;
