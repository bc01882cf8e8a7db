import { ORPCError } from '@orpc/client';
import type { ErrorCode } from '../../shared/errors/codes.ts';

/** What went wrong, as the core named it; its words are looked up in `shared/text`. */
export interface Failure {
  readonly code: ErrorCode;
  readonly params: object;
}

/** The core's own error, or `internal` for whatever else was thrown. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ORPCError && error.code === 'FLASH') return error.data as Failure;
  const detail = error instanceof Error ? error.message : String(error);
  return { code: 'internal', params: { detail } };
}
