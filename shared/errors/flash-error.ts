import type { ErrorCode, ErrorParams } from './codes.ts';

/** The one error class. `code` says what happened, `params` with what; words are looked up by code. */
export class FlashError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'FlashError';
  readonly code: C;
  readonly params: ErrorParams[C];

  constructor(code: C, params: ErrorParams[C], cause?: unknown) {
    super(code, cause === undefined ? undefined : { cause });
    this.code = code;
    this.params = params;
  }
}

/** Whether this is a FlashError with one of these codes; narrows its params. */
export function isFlashError<C extends ErrorCode>(
  error: unknown,
  ...codes: readonly C[]
): error is FlashError<C> {
  if (!(error instanceof FlashError)) return false;
  const { code } = error as FlashError;
  return codes.length === 0 || (codes as readonly ErrorCode[]).includes(code);
}

/** The same for an error that is told as data. Only for those this program made itself: params from elsewhere are unchecked. */
export function isCode<C extends ErrorCode>(
  error: { readonly code: ErrorCode; readonly params: object } | undefined,
  code: C,
): error is { readonly code: C; readonly params: ErrorParams[C] } {
  return error?.code === code;
}

/** Any thrown value as a FlashError: what is not ours is our bug, with its cause kept. */
export function toFlashError(error: unknown): FlashError {
  if (error instanceof FlashError) return error as FlashError;
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new FlashError('internal', { detail }, error);
}
