// Where the boards of a batch come from.
import type { BoardsSeen } from '../board-watch.ts';
import { limits } from '../../../shared/limits.ts';
import type { ArmRequest } from '../request.ts';
import type { NewJob } from '../new-job.ts';
import type { Feed } from './batch.ts';

/** Those it was made with, and no others. */
export const fixedFeed: Feed = {
  tend(batch) {
    if (batch.underWay === 0) batch.stop();
  },
};

/**
 * One job waits for a board on any port; as soon as it has one, the next waits. The job's request is an `arm` without a port.
 */
export function armedFeed(job: Omit<NewJob, 'request'> & { readonly request: ArmRequest }): Feed {
  return {
    tend(batch) {
      if (!batch.wantsMore || batch.isArmed) return;
      const among = {
        look: (present: ReadonlySet<string>) => batch.look(present),
        isFree: (portPath: string) => batch.isFree(portPath),
      };
      const request = { ...job.request, portPath: undefined, waitMs: limits.longestWaitMs, among };
      batch.start({ ...job, portPath: '', request, asksNobody: true });
    },
  };
}

/**
 * Whatever stands in flash mode, by what the survey sees. Tend it at every change there, too.
 * @param virtual which kind: what was agreed to for a virtual board is for no real one
 */
export function surveyFeed(
  seen: () => BoardsSeen,
  virtual: boolean,
  jobFor: (portPath: string) => NewJob,
): Feed {
  return {
    tend(batch) {
      const { boards } = seen();
      batch.look(new Set(boards.map(({ portPath }) => portPath)));
      for (const { portPath, mode, problem, virtual: isVirtual } of boards) {
        if (mode !== 'dfu' || problem !== undefined || isVirtual !== virtual) continue;
        if (batch.isFree(portPath)) batch.start({ ...jobFor(portPath), asksNobody: true });
      }
    },
  };
}
