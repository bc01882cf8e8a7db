// The coach as shells see it: which hand movement is due, how far it is, and what went wrong with the last try.
import type { GuideStep } from './profile.ts';

/** A word on what the person just did, or on what the ports showed. Texts in `shared/text/guide.ts`. */
export type GuideRemark =
  /** It came up running its program: the control was let go before the loader looked at it, or not held at all. */
  | { readonly code: 'let-go-too-early' }
  /** It was in flash mode, whose window is short, and went back to its program before the job could begin. */
  | { readonly code: 'too-late' }
  /** It was in flash mode, which has no window, and left it: by the cable or a reset. */
  | { readonly code: 'left-flash-mode' }
  | { readonly code: 'other-port'; readonly portPath: string }
  | { readonly code: 'wrong-board'; readonly board: string; readonly portPath: string }
  /** Plugged in as far as the person says, and nothing came to USB. */
  | { readonly code: 'nothing-came'; readonly waitedMs: number }
  | { readonly code: 'window-closing'; readonly leftMs: number }
  /** The last try ended like this; the wait goes on by itself. */
  | { readonly code: 'try-failed'; readonly error: string; readonly params: object };

/** What the person answers: the step that nothing proves is done; or, rather another way. */
export type GuideSay = 'done' | { readonly way: string };

/** What the coach shows now, whole. */
export interface GuideSnapshot {
  readonly profile: string;
  readonly board: string;
  /** Name of the way by hand that is shown, and of the others the person may choose. */
  readonly way: string;
  readonly ways: readonly string[];
  /** What will be taken for the board: `USB 04d8:f014`. */
  readonly matching: readonly string[];
  /** Only this port; undefined: any. */
  readonly portPath: string | undefined;
  readonly before: readonly string[];
  /** Several may be due at a time: what nothing proves is due together with what follows it, for hands are full. */
  readonly steps: readonly { readonly step: GuideStep; readonly state: 'waiting' | 'now' | 'done' }[];
  /** To be undone once the firmware is on. */
  readonly after: readonly GuideStep[];
  /** It is in flash mode; the job begins or has begun. */
  readonly caught: boolean;
  /** How long the step that is due has been due, ms, when this was said; shells count on from there. */
  readonly sinceMs: number;
  /** The step wants to be kept up for this long, ms. */
  readonly forMs: number | undefined;
  /** `keep`: a control is held and must not be let go yet; `now`: let go. */
  readonly hold: 'none' | 'keep' | 'now';
  readonly remark: GuideRemark | undefined;
  /** Tries so far, the one that is awaited included. */
  readonly tries: number;
  /** From power to being seen, as this computer has shown it so far, ms. */
  readonly usualDelayMs: number | undefined;
  /** How the board looks in flash mode: said before it happens. */
  readonly looks: string | undefined;
  /** The window of its flash mode, ms. */
  readonly windowMs: number | undefined;
}
