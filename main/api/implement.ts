// The contract's own implementer, with our errors carried across as code and params.
import { implement, ORPCError } from '@orpc/server';
import { isFlashError, toFlashError } from '../../shared/errors/flash-error.ts';
import { studioContract } from '../../shared/contract/contract.ts';
import type { PageContext } from './context.ts';

/**
 * Every method goes through here: what a handler throws crosses as `FLASH` with code and params, and a mistake of ours
 * as `internal`, whose details stay in the log.
 */
export const studio = implement(studioContract)
  .$context<PageContext>()
  .use(async ({ context, next, path }) => {
    try {
      return await next();
    } catch (error) {
      if (error instanceof ORPCError) throw error;
      const known = toFlashError(error);
      if (!isFlashError(error)) {
        const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
        context.parts.services.log.write('error', 'api', `${path.join('.')}: ${what}`);
      }
      throw new ORPCError('FLASH', {
        defined: true,
        status: 422,
        message: known.code,
        data: { code: known.code, params: known.params },
      });
    }
  });
