// What a hand does to a virtual board. The coach's practice, tests and the command line press the same button.
import * as v from 'valibot';

const control = v.pipe(v.string(), v.minLength(1), v.maxLength(60));

/** Controls have the names that the board's profile gives them. */
export const benchActionSchema = v.variant('act', [
  v.strictObject({ act: v.literal('plug') }),
  v.strictObject({ act: v.literal('unplug') }),
  v.strictObject({ act: v.literal('hold'), control }),
  v.strictObject({ act: v.literal('let-go'), control }),
  /** Held and let go at once. */
  v.strictObject({ act: v.literal('press'), control }),
  v.strictObject({ act: v.literal('switch'), control, to: control }),
  v.strictObject({ act: v.literal('close-jumper'), control }),
  v.strictObject({ act: v.literal('open-jumper'), control }),
  /** Power at the board's own switch. */
  v.strictObject({ act: v.literal('switch-off') }),
  v.strictObject({ act: v.literal('switch-on') }),
  v.strictObject({
    act: v.literal('choose'),
    path: v.pipe(v.array(control), v.minLength(1), v.maxLength(8)),
  }),
]);
export type BenchAction = v.InferOutput<typeof benchActionSchema>;

/** What of a virtual board a hand can move, and how it stands. */
export type BenchControl =
  | { readonly kind: 'button'; readonly name: string; readonly held: boolean }
  | {
      readonly kind: 'switch';
      readonly name: string;
      readonly positions: readonly string[];
      readonly at: string;
    }
  | { readonly kind: 'jumper'; readonly name: string; readonly closed: boolean }
  /** The board's own power switch, or its supply where USB does not power it. */
  | { readonly kind: 'power'; readonly name: string; readonly on: boolean }
  /** Menus on its screen, each a path from the top. */
  | { readonly kind: 'menu'; readonly paths: readonly (readonly string[])[] };
