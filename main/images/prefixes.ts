import type { ImageFact } from '../../shared/image-facts.ts';
import { lpcPrefixFact } from './formats/lpc-prefix.ts';
import { tiPrefixFact } from './formats/ti-prefix.ts';

/** The prefixes DFU files of some makers have, where these bytes begin with one. */
export function prefixFacts(bytes: Uint8Array): ImageFact[] {
  return [tiPrefixFact(bytes) ?? lpcPrefixFact(bytes) ?? []].flat();
}
