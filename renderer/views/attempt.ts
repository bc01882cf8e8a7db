import { pageErrorText } from '../../shared/text/page-advice.ts';
import { failureOf } from '../state/failure.ts';
import type { StudioState } from '../state/studio.svelte.ts';
import { showToast } from '../ui/toast.ts';

/** Does something small whose failure needs no more than a note. */
export async function attempt(studio: StudioState, action: () => Promise<unknown>): Promise<void> {
  try {
    await action();
  } catch (error) {
    noteFailure(studio, error);
  }
}

/** The note. */
export function noteFailure(studio: StudioState, error: unknown): void {
  const { code, params } = failureOf(error);
  const { title, advice } = pageErrorText(code, params as never, studio.app?.platform ?? 'linux');
  showToast({ title, text: advice, kind: 'problem' });
}
