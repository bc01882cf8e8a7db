import * as v from 'valibot';

/** Of a board: `<maker>-<board>`. */
export const profileIdSchema = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'profile-id'),
  v.maxLength(60),
);
