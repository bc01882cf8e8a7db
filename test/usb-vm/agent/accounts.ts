/** The guest's ordinary users. Numbers are out of the way of the host's own, whose files the guest shows. */
export const accounts = {
  member: { name: 'rekindle-member', id: 40_001, home: '/run/rekindle/member' },
  outsider: { name: 'rekindle-outsider', id: 40_002, home: '/run/rekindle/outsider' },
} as const;
