// Bytes that would be written as they are, and look like something else.
import { ask, tell, type Check } from './check.ts';

export const disguise: Check = {
  id: 'disguise',
  find: ({ images, request }) => {
    const found = images.flatMap(({ name, notices }) =>
      notices.flatMap((notice) =>
        notice.code === 'looks-like' ? [tell({ code: 'looks-like', name, format: notice.format })] : [],
      ),
    );
    return found.length > 0 && !request.asRaw
      ? [...found, ask({ id: 'write-as-raw', flag: '--as-raw' })]
      : found;
  },
};
