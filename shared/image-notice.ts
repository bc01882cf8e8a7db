/** Something a person should know of a file that is accepted all the same. Texts in `shared/text/notices.ts`. */
export type ImageNotice =
  /** Suffix ids 0x0000 or 0xFFFF: the file does not say which board it is for. */
  | { readonly code: 'wildcard-ids'; readonly ids: string }
  /** Taken as raw bytes, but the content is really another format. */
  | { readonly code: 'looks-like'; readonly format: string }
  /** Bytes between or behind the parts that belong to none; ignored. */
  | { readonly code: 'leftover-bytes'; readonly count: number }
  /** All bytes are 0xFF: writing it leaves the board blank. */
  | { readonly code: 'all-blank' };
