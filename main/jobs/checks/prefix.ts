// A TI or LPC prefix: some boards want it, others would run it. Shown, never removed in silence (dfu.md 3.3).
import { tell, type Check } from './check.ts';

export const prefix: Check = {
  id: 'prefix',
  find: ({ images }) =>
    images.flatMap(({ name, facts }) =>
      facts.flatMap((fact) =>
        fact.code === 'prefix'
          ? [tell({ code: 'has-prefix', name, kind: fact.kind, bytes: fact.bytes })]
          : [],
      ),
    ),
};
