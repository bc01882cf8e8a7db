// From an open job to the request that goes on with it. Nothing resumes by itself: the request is confirmed as any other.
import * as v from 'valibot';
import { acceptances } from '../../shared/acceptances.ts';
import type { OpenJob } from '../../shared/history.ts';
import type { FirmwareImage } from '../images/image.ts';
import { permissions, type FlashRequest } from './request.ts';

const text = v.optional(v.string());
const count = v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)));

/** A flash that goes on with another. */
export type ResumingRequest = FlashRequest & { readonly resumes: NonNullable<FlashRequest['resumes']> };

/** As the journal keeps it. People may edit the file: what does not fit is left out, never guessed. */
const keptSchema = v.object({
  address: v.fallback(count, undefined),
  fromStart: v.fallback(v.optional(v.boolean()), undefined),
  alternate: v.fallback(text, undefined),
  transferSize: v.fallback(count, undefined),
  verify: v.fallback(v.boolean(), true),
  leave: v.fallback(v.boolean(), true),
  keepRest: v.fallback(v.boolean(), false),
  asRaw: v.fallback(v.boolean(), false),
  reset: v.fallback(v.boolean(), false),
  allow: v.fallback(v.array(v.picklist(permissions)), []),
  accept: v.fallback(v.array(v.picklist(acceptances)), []),
});

/**
 * Reads the planned sectors and goes on from the first that differs; where the board cannot be read, all is written again.
 * What it holds now is never taken for a backup.
 * @param kept what was asked for then
 */
export function resumingRequest(
  job: OpenJob,
  kept: object | undefined,
  images: readonly FirmwareImage[],
): ResumingRequest {
  const { allow, accept, ...options } = v.parse(keptSchema, kept ?? {});
  return {
    kind: 'flash',
    images,
    ...options,
    selection: { device: job.unit.portPath, profile: job.unit.profile, waitMs: 0 },
    dryRun: false,
    backup: true,
    full: false,
    allow: new Set(allow),
    accept: new Set(accept),
    resumes: { id: job.id, unit: job.unit },
    earlier: { backup: job.backupThere ? job.backup : undefined },
  };
}
