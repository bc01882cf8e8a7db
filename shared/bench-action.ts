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
