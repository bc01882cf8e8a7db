/** Findings a person may accept by name instead of being asked; what is refused cannot be accepted. */
export const acceptances = [
  'blank',
  'vector-table',
  'older',
  'no-assets',
  'other-unit',
  'unnamed-board',
  'unknown-version',
  'other-board-version',
  'settings',
  'clear-settings',
  'unreadable',
] as const;
export type Acceptance = (typeof acceptances)[number];
