import type { ImageNotice } from '../image-notice.ts';

/** What a person should know of a file, and what to do about it. */
export function imageNoticeText(notice: ImageNotice): string {
  switch (notice.code) {
    case 'wildcard-ids':
      return `It does not say which board it is for (${notice.ids}). Make sure it is for yours.`;
    case 'looks-like':
      return `It looks like ${notice.format}, which is not read yet; its bytes are no program as they stand.`;
    case 'leftover-bytes':
      return `It has ${notice.count} bytes at its end that belong to nothing; they are ignored.`;
    case 'all-blank':
      return 'It is blank throughout: writing it leaves a board without a program.';
    case 'no-vector-table':
      return 'It does not begin like a program for a Cortex-M chip.';
  }
}
