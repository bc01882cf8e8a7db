// What is in the file and will not be on the board: bytes that belong to nothing, members that go another way, assets.
import { ask, tell, type Check, type Finding } from './check.ts';

export const leftOut: Check = {
  id: 'left-out',
  find: ({ images, request }) =>
    images.flatMap(({ name, notices, facts }): Finding[] => {
      const leftover = notices.flatMap((notice) =>
        notice.code === 'leftover-bytes' ? [tell({ code: 'leftover-bytes', name, count: notice.count })] : [],
      );
      const members = (role: string): string[] =>
        facts.flatMap((fact) => (fact.code === 'member' && fact.role === role ? [fact.name] : []));
      const others = members('not-written-over-dfu');
      const assets = members('asset');
      return [
        ...leftover,
        ...(others.length > 0 ? [tell({ code: 'leaves-out', name, members: others })] : []),
        ...(assets.length > 0 && request.accept?.has('no-assets') !== true
          ? [
              ask({
                id: 'leave-out-assets',
                flag: '--accept no-assets',
                detail: assets.slice(0, 5).join(', '),
              }),
            ]
          : []),
      ];
    }),
};
