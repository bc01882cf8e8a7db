// A program that flashes all boards on a bus lent by its parent with one recipe, two at a time: to be killed.
import { readImage } from '../../../main/images/registry.ts';
import { Batches } from '../../../main/jobs/batch/batches.ts';
import { recipeOf } from '../../../main/jobs/batch/batch-record.ts';
import { fixedFeed } from '../../../main/jobs/batch/feeds.ts';
import { planJob } from '../../../main/jobs/plan-job.ts';
import type { FlashRequest } from '../../../main/jobs/request.ts';
import { RunningJobs } from '../../../main/jobs/running-jobs.ts';
import { silentLog } from '../../../main/log/log.ts';
import { readFileBounded } from '../../../main/store/atomic-file.ts';
import { childServices } from './child-services.ts';

const [folder = '', file = '', ports = ''] = process.argv.slice(2);
const services = childServices(folder);
const jobs = new RunningJobs(services, () => ({ ...silentLog, [Symbol.dispose]: () => undefined }), 2);
const batches = new Batches(services, jobs);
const image = readImage(await readFileBounded(file, 1_000_000), 'firmware.dfu');
const requestAt = (portPath: string): FlashRequest => ({
  kind: 'flash',
  images: [image],
  selection: { device: portPath, waitMs: 0 },
  dryRun: false,
  backup: true,
  verify: true,
  leave: false,
  full: false,
  asRaw: false,
  keepRest: false,
  reset: false,
  allow: new Set(),
});
const planned = [];
for (const portPath of ports.split(',')) {
  const request = requestAt(portPath);
  planned.push({ portPath, request, plan: await planJob(request, services, new AbortController().signal) });
}
const batch = await batches.open(
  { kind: 'all', files: [image.name], images: [image.sha256], profile: undefined, wanted: planned.length },
  fixedFeed,
  recipeOf(requestAt('')),
);
process.send?.({ begun: true });
for (const { portPath, request, plan } of planned)
  batch.start({
    kind: 'flash',
    request,
    portPath,
    board: plan.board,
    virtual: plan.virtual,
    files: [image.name],
    consent: { planHash: plan.hash, questions: plan.questions.map(({ id }) => id) },
    asksNobody: true,
  });
batch.tend();
await batch.ended;
await batches.written();
process.send?.({ units: batch.units.toSorted((a, b) => a.portPath.localeCompare(b.portPath)) });
process.disconnect();
