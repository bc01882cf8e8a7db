// A board whose bootloader only offers reading.
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { refuse, type Check } from './check.ts';

export const writable: Check = {
  id: 'writable',
  find: ({ board }) =>
    board.abilities.write.possible ? [] : [refuse(new FlashError('dfu.cannot-download', {}))],
};
