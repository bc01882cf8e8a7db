import { studio } from './implement.ts';

export const profiles = {
  list: studio.profiles.list.handler(({ context: { parts } }) => ({
    profiles: parts.services.profiles,
    problems: parts.profileProblems,
  })),
};
