// Particle modules are for one platform, and a board's product id is that platform (devices.md 1.1, 1.8 item 2).
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { formatIds } from '../../../shared/hex.ts';
import { refuse, tell, type Check, type Finding } from './check.ts';

const particleVendor = 0x2b04;

export const particlePlatform: Check = {
  id: 'platform',
  find: ({ images, board }) =>
    images.flatMap(({ name, facts }): Finding[] => {
      const module = facts.find((fact) => fact.code === 'particle');
      if (module?.code !== 'particle') return [];
      const isRight = board.vendorId === particleVendor && (board.productId & 0xff) === module.platform;
      if (!isRight) {
        const platform = `Particle platform ${module.platform}${module.platformName === undefined ? '' : `, ${module.platformName}`}`;
        const device = formatIds(board.vendorId, board.productId);
        return [refuse(new FlashError('plan.wrong-device', { file: `${name} (${platform})`, device }))];
      }
      // The bootloader does not look; a module that misses something makes the board wait in safe mode.
      return facts.flatMap((fact) =>
        fact.code === 'needs' ? [tell({ code: 'needs', name, what: fact.what, version: fact.version })] : [],
      );
    }),
};
