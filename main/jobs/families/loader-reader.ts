// What a family may read of a board in flash mode.
import { sizeOf } from '../../../shared/ranges.ts';
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { limits } from '../../../shared/limits.ts';
import type { Flow } from '../../base/flow.ts';
import type { LoaderReader } from '../../families/family.ts';
import type { Target } from '../../targets/target.ts';

/** Bounded, and nothing but reading. The reader throws FlashError `internal` for more, and what `Target.read` throws. */
export function loaderReader(target: Target, flow: Flow): LoaderReader {
  return {
    kinds: target.regions.map((region) => region.kind),
    async read(kind, range) {
      const region = target.regions.find((one) => one.kind === kind);
      if (region === undefined || sizeOf(range) > limits.loaderReadBytes)
        throw new FlashError('internal', { detail: `a family reads ${sizeOf(range)} bytes of ${kind}` });
      return await target.read(region, range, flow);
    },
  };
}
