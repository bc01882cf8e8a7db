// A file without a program in it: sometimes wanted, never by mistake.
import { ask, type Check } from './check.ts';

export const blank: Check = {
  id: 'blank',
  find: ({ images, request }) => {
    const names = images.flatMap(({ name, notices }) =>
      notices.some((notice) => notice.code === 'all-blank') ? [name] : [],
    );
    return names.length === 0 || request.accept?.has('blank') === true
      ? []
      : [ask({ id: 'write-blank', flag: '--accept blank', detail: names.join(', ') })];
  },
};
