import type { ImageNotice } from '../image-notice.ts';

/** What a person should know of a file, and what to do about it. */
export function imageNoticeText(notice: ImageNotice): string {
  switch (notice.code) {
    case 'wildcard-ids':
      return `It does not say which board it is for (${notice.ids}). Make sure it is for yours.`;
    case 'looks-like':
      return `It looks like ${notice.format}, not like raw bytes: written as it stands, the board will not start. Get the same firmware as a .bin or .dfu file.`;
    case 'leftover-bytes':
      return `It has ${notice.count} bytes that belong to no part of it; they are ignored. If you did not make it yourself, download it again.`;
    case 'all-blank':
      return 'It is blank throughout: writing it leaves a board without a program. Check that it is the right file.';
  }
}
