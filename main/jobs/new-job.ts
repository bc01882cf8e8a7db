import type { JobKind } from '../../shared/job-snapshot.ts';
import { limits } from '../../shared/limits.ts';
import type { Plan } from '../../shared/plan.ts';
import { planDifferences } from './arm/same-plan.ts';
import type { DirectRequest, JobRequest } from './request.ts';

/** What a page said yes to beforehand: one plan, and some of its questions. */
export interface Consent {
  readonly planHash: string | undefined;
  readonly questions: readonly string[];
  /** Any plan that does the same to another board of the kind. */
  readonly like?: Plan;
}

/** A job that is asked for. */
export interface NewJob {
  readonly kind: JobKind;
  readonly request: JobRequest;
  /** Empty for a job that waits for its board on any port. */
  readonly portPath: string;
  /** What the board was called when the job was asked for; the job finds out for itself. */
  readonly board: string;
  readonly virtual: boolean;
  readonly files: readonly string[];
  readonly consent: Consent;
  /** What was not agreed to is answered with no at once: one of many boards waits for nobody. */
  readonly asksNobody?: boolean;
}

/** Whether it waits for its board first. */
export function isArmed({ request }: NewJob): boolean {
  return request.kind === 'arm';
}

/** Whether this is the plan that was agreed to. */
export function isAgreed({ planHash, like }: Consent, plan: Plan): boolean {
  return planHash === plan.hash || (like !== undefined && planDifferences(like, plan).length === 0);
}

/**
 * The same once more: its board may have to be plugged in first.
 * @param profile the board it was, by its profile, as far as that was told
 */
export function waitingForBoard(job: NewJob, profile: string | undefined): NewJob {
  const { request } = job;
  if (request.kind === 'arm') return job;
  const selection = {
    ...request.selection,
    profile: request.selection.profile ?? profile,
    waitMs: limits.againWaitMs,
  };
  return { ...job, request: onItsOwn({ ...request, selection }) };
}

/** What a resumption went on with may be over by now: the board itself tells whether it was left half-written. */
function onItsOwn(request: DirectRequest): DirectRequest {
  return request.kind === 'flash' && request.resumes !== undefined
    ? { ...request, resumes: undefined, earlier: undefined }
    : request;
}
