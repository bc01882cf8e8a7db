// A digest within the file that does not fit: it was changed or damaged after it was made.
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { refuse, type Check } from './check.ts';

export const digest: Check = {
  id: 'digest',
  find: ({ images }) =>
    images.flatMap(({ name, facts }) =>
      facts.flatMap((fact) => {
        if (fact.code !== 'digest' || fact.verdict !== 'bad') return [];
        const { what, expected = '', found = '' } = fact;
        return [refuse(new FlashError('plan.digest-wrong', { file: name, what, expected, found }))];
      }),
    ),
};
