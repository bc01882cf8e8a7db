import { changeOfJobs } from '../../shared/job-changes.ts';
import type { JobSnapshot } from '../../shared/job-snapshot.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import { chipBySlug, chipSlugs } from '../devices/chips.ts';
import { settle } from '../jobs/arm/settle.ts';
import { boardsWithChip } from '../devices/match.ts';
import { planForChip } from '../jobs/check-files.ts';
import { planJob } from '../jobs/plan-job.ts';
import { batchMethods } from './batches.ts';
import { studio } from './implement.ts';
import { armRequest, boardAt, compareRequest, flashRequest, selectPort } from './job-requests.ts';

export const jobs = {
  ...batchMethods,
  plan: studio.jobs.plan.handler(async ({ context, input, signal }) =>
    planJob(
      await flashRequest(context, input),
      context.parts.services,
      signal ?? new AbortController().signal,
    ),
  ),
  chips: studio.jobs.chips.handler(({ context: { parts } }) =>
    chipSlugs().flatMap((slug) => {
      const chip = chipBySlug(slug);
      return chip === undefined ? [] : [{ ...chip, boards: boardsWithChip(parts.services.profiles, slug) }];
    }),
  ),
  planForChip: studio.jobs.planForChip.handler(async ({ context, input: { chip, images, address } }) => {
    if (chipBySlug(chip) === undefined) throw new FlashError('api.unknown', { what: 'chip' });
    return planForChip(chip, {
      ...(await flashRequest(context, {
        portPath: 'none',
        images,
        backup: true,
        verify: true,
        leave: true,
        full: false,
        keepRest: false,
        asRaw: false,
        allowOptionBytes: false,
        fromStart: false,
      })),
      address,
    });
  }),
  planForBoard: studio.jobs.planForBoard.handler(
    async ({ context, input }) =>
      (await settle(await armRequest(context, input), context.parts.services)).plan,
  ),
  arm: studio.jobs.arm.handler(async ({ context, input }) => {
    const request = await armRequest(context, input);
    const profile = context.parts.services.profiles.find(({ id }) => id === input.profile);
    if (profile === undefined) throw new FlashError('api.unknown', { what: 'board' });
    const id = context.parts.jobs.start({
      kind: input.restoreOf === undefined ? 'flash' : 'restore',
      request,
      portPath: input.portPath ?? '',
      board: profile.name,
      virtual: request.virtual === true,
      files: request.flash.images.map((image) => image.name),
      consent: { planHash: input.confirmed, questions: input.agreed },
    });
    return { id };
  }),
  guide: studio.jobs.guide.handler(({ context, input: { id, say } }) => context.parts.jobs.guide(id, say)),
  flash: studio.jobs.flash.handler(async ({ context, input }) => {
    const { portPath, confirmed, agreed, restoreOf } = input;
    const request = await flashRequest(context, input);
    const id = context.parts.jobs.start({
      kind: restoreOf === undefined ? 'flash' : 'restore',
      request,
      portPath,
      ...boardAt(context, portPath),
      files: request.images.map((image) => image.name),
      consent: { planHash: confirmed, questions: agreed },
    });
    return { id };
  }),
  backUp: studio.jobs.backUp.handler(({ context, input: { portPath, twice } }) => {
    const id = context.parts.jobs.start({
      kind: 'backup',
      request: {
        kind: 'backup',
        selection: selectPort(portPath),
        twice,
        raw: false,
        leave: false,
        reset: false,
      },
      portPath,
      ...boardAt(context, portPath),
      files: [],
      consent: { planHash: undefined, questions: [] },
    });
    return { id };
  }),
  compareBackup: studio.jobs.compareBackup.handler(async ({ context, input: { portPath, backup } }) => {
    const request = await compareRequest(context, portPath, backup);
    const id = context.parts.jobs.start({
      kind: 'compare',
      request,
      portPath,
      ...boardAt(context, portPath),
      files: [backup],
      consent: { planHash: undefined, questions: [] },
    });
    return { id };
  }),
  cancel: studio.jobs.cancel.handler(({ context, input }) => context.parts.jobs.cancel(input.id, input.how)),
  answer: studio.jobs.answer.handler(({ context, input }) =>
    context.parts.jobs.answer(input.id, input.question, input.answer),
  ),
  again: studio.jobs.again.handler(({ context, input }) => ({ id: context.parts.jobs.again(input.id) })),
  pause: studio.jobs.pause.handler(({ context, input }) => context.parts.jobs.pause(input.id)),
  resume: studio.jobs.resume.handler(({ context, input }) => context.parts.jobs.resume(input.id)),
  move: studio.jobs.move.handler(({ context, input }) => context.parts.jobs.move(input.id, input.before)),
  dismiss: studio.jobs.dismiss.handler(({ context, input }) => context.parts.jobs.dismiss(input.id)),
  watch: studio.jobs.watch.handler(async function* ({ context, signal }) {
    let before: readonly JobSnapshot[] = [];
    for await (const now of context.parts.jobs.snapshots.watch(signal ?? AbortSignal.abort())) {
      yield { ...changeOfJobs(before, now), queue: context.parts.jobs.queue };
      before = now;
    }
  }),
};
