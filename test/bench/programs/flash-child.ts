// A program that flashes, or resumes, on a bus lent by its parent: to be killed. Its journal is the real one, in its thread.
import { readImage } from '../../../main/images/registry.ts';
import type { FlashRequest } from '../../../main/jobs/request.ts';
import { runJob } from '../../../main/jobs/run.ts';
import { readFileBounded } from '../../../main/store/atomic-file.ts';
import { childServices, type OwnEnd } from './child-services.ts';

const [folder = '', file = '', resume = '', ownEnd = ''] = process.argv.slice(2);
const services = childServices(folder, ownEnd === '' ? undefined : (JSON.parse(ownEnd) as OwnEnd));
const { journal } = services;
const never = new AbortController().signal;
const request: FlashRequest =
  resume === ''
    ? {
        kind: 'flash',
        images: [readImage(await readFileBounded(file, 1_000_000), file)],
        selection: { waitMs: 0 },
        dryRun: false,
        backup: true,
        verify: true,
        leave: false,
        full: false,
        asRaw: false,
        keepRest: false,
        reset: false,
        allow: new Set(),
      }
    : await journal.requestToResume(resume);
const result = await runJob(request, services, {
  stop: never,
  abort: never,
  emit: (event) => {
    if (event.type === 'step-started') process.send?.({ step: event.step });
  },
  ask: () => Promise.resolve(true),
});
process.send?.({ result });
process.disconnect();
