// Files that are installed in another way: recognised and explained, never sent.
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { refuse, type Check } from './check.ts';

export const route: Check = {
  id: 'route',
  find: ({ images, request }) =>
    // A person who says --as-raw has been told, and gets the bytes.
    images.flatMap(({ name, facts, format }) => {
      if (request.asRaw && format === 'raw') return [];
      const fact = facts.find((one) => one.code === 'other-route');
      if (fact?.code !== 'other-route') return [];
      return [refuse(new FlashError('plan.other-route', { file: name, what: fact.what, route: fact.route }))];
    }),
};
