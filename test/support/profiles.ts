// Profiles for tests: the smallest that says something, and what the test is about.
import * as v from 'valibot';
import { profileSchema, type Profile } from '../../shared/profile.ts';

/** A profile as a person might write it. @throws when the test wrote nonsense */
export function profile(changes: Partial<v.InferInput<typeof profileSchema>> = {}): Profile {
  return v.parse(profileSchema, { ...written, ...changes });
}

/** The same, before it is read. */
export const written = {
  id: 'acme-rocket',
  name: 'Rocket',
  maker: 'Acme',
  support: 'full',
  tested: 'not-yet',
  modes: [{ kind: 'flash', ids: ['1234:5678'], source: 'its manual' }],
  ways: [
    {
      kind: 'by-hand',
      name: 'Button',
      steps: [{ verb: 'plug-in', proof: 'in-flash-mode' }],
      source: 'its manual',
    },
  ],
  sources: ['its manual'],
} satisfies v.InferInput<typeof profileSchema>;
