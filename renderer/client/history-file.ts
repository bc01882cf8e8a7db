import type { HistoryFormat } from '../../shared/history.ts';
import type { StudioClient } from './connect.ts';

/** Which jobs, and as what. */
export type HistoryWish = Omit<Parameters<StudioClient['history']['export']>[0], 'from'>;

/** The history as one file, gathered piece by piece. @throws as the contract does */
export async function gatherHistory(client: StudioClient, wish: HistoryWish): Promise<Blob> {
  const pieces: Blob[] = [];
  let { piece, next } = await client.history.export(wish);
  pieces.push(piece);
  while (next !== undefined) {
    ({ piece, next } = await client.history.export({ ...wish, from: next }));
    pieces.push(piece);
  }
  return new Blob(pieces, { type: historyTypes[wish.format] });
}

const historyTypes: { readonly [format in HistoryFormat]: string } = {
  csv: 'text/csv',
  json: 'application/json',
};
