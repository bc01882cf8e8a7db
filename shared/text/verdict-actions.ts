// What the page offers after a result: the command line says the same with commands (results.ts).
import { verdictOf, type Result, type Verdict } from '../result.ts';

/** What the one main button does. */
export type VerdictAction = 'another-board' | 'done' | 'again' | 'restore' | 'choose-file';

export interface VerdictOffer {
  readonly action: VerdictAction;
  readonly label: string;
  /** The next one thing to try, in words; empty where the button says it all. */
  readonly advice: string;
}

const replug = 'Unplug it and plug it in again.';

/** product.md, "States, results and words". */
const verdictOffers: { readonly [verdict in Verdict]: VerdictOffer } = {
  'verified-and-running': { action: 'another-board', label: 'Next board', advice: '' },
  'verified-not-returned': {
    action: 'done',
    label: 'Done',
    advice: `${replug} If it comes back in flash mode, put its boot switch or jumper back.`,
  },
  'verified-return-unseen': { action: 'done', label: 'Done', advice: '' },
  'left-during-leave': {
    action: 'done',
    label: 'Done',
    advice: 'If it does not run, unplug it and plug it in again.',
  },
  'written-unverified': { action: 'done', label: 'Done', advice: 'See whether the board runs.' },
  'written-unverified-not-returned': {
    action: 'done',
    label: 'Done',
    advice: `${replug} A board that stays in flash mode can be written again.`,
  },
  'read-only-done': { action: 'done', label: 'Done', advice: '' },
  'holds-the-same': { action: 'done', label: 'Done', advice: '' },
  'holds-something-else': { action: 'done', label: 'Done', advice: '' },
  'erased-done': { action: 'choose-file', label: 'Choose firmware', advice: '' },
  'interrupted-resumable': {
    action: 'again',
    label: 'Continue',
    advice: 'It goes on from what the board holds.',
  },
  'interrupted-needs-reflash': {
    action: 'again',
    label: 'Write again',
    advice: 'It must be written from the start.',
  },
  'failed-restore': {
    action: 'restore',
    label: 'Restore the backup',
    advice: 'Put back what was on it.',
  },
  'failed-resumable': { action: 'again', label: 'Repair', advice: 'It goes on from what the board holds.' },
  'failed-needs-reflash': { action: 'again', label: 'Repair', advice: 'It must be written from the start.' },
  'failed-needs-probe': {
    action: 'done',
    label: 'Done',
    advice: 'It needs a debug probe, which Rekindle cannot drive yet.',
  },
  'failed-untouched': { action: 'again', label: 'Try again', advice: '' },
  'refused-before-erase': { action: 'choose-file', label: 'Choose another file', advice: '' },
  'cancelled-before-erase': { action: 'again', label: 'Try again', advice: '' },
};

/** What the page offers after this result. Another file helps only where the file was the reason. */
export function offerFor(result: Result): VerdictOffer {
  const offer = verdictOffers[verdictOf(result)];
  const code = result.error?.code ?? '';
  // Its own advice says so already.
  if (code === 'verify.mismatch') return { ...offer, advice: '' };
  const aboutFile = code.startsWith('image.') || code.startsWith('plan.');
  return offer.action === 'choose-file' && result.outcome === 'refused' && !aboutFile
    ? verdictOffers['failed-untouched']
    : offer;
}
