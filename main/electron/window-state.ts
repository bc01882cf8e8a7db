// Where the window was, and whether it was maximized: kept between runs, believed only if it makes sense.
import type { Rectangle } from 'electron';
import * as v from 'valibot';
import { readFileBounded, writeFileAtomically } from '../store/atomic-file.ts';

/** The smallest window in which every screen fits, in pixels of the screen's scale. */
export const smallestWindow = { width: 1024, height: 640 } as const;
const firstWindow = { width: 1200, height: 780 } as const;
const stateLimitBytes = 4 * 1024;
/** As much of the window must lie on a screen that it can be taken by its title bar. */
const leastVisible = { width: 120, height: 48 } as const;

const coordinate = v.pipe(v.number(), v.integer(), v.minValue(-100_000), v.maxValue(100_000));
const schema = v.object({
  x: coordinate,
  y: coordinate,
  width: v.pipe(coordinate, v.minValue(1)),
  height: v.pipe(coordinate, v.minValue(1)),
  maximized: v.boolean(),
});

export type WindowState = v.InferOutput<typeof schema>;

/** The kept state; undefined where there is none or it is nonsense. */
export async function readWindowState(file: string): Promise<WindowState | undefined> {
  try {
    const text = new TextDecoder().decode(await readFileBounded(file, stateLimitBytes));
    const parsed = v.safeParse(schema, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/** @throws FlashError `file.*` */
export async function writeWindowState(file: string, state: WindowState): Promise<void> {
  await writeFileAtomically(file, new TextEncoder().encode(JSON.stringify(state)));
}

/**
 * Place and size for a new window: the kept ones, unless the screen they were on is gone.
 * @param areas the usable areas of the screens there are now
 */
export function placeWindow(
  kept: WindowState | undefined,
  areas: readonly Rectangle[],
): Partial<Rectangle> & { width: number; height: number } {
  if (kept === undefined) return { ...firstWindow };
  const size = {
    width: Math.max(smallestWindow.width, kept.width),
    height: Math.max(smallestWindow.height, kept.height),
  };
  const reachable = areas.some((area) => {
    const width = Math.min(kept.x + size.width, area.x + area.width) - Math.max(kept.x, area.x);
    // The title bar: it must not lie above the screen or below its end.
    const top = kept.y >= area.y && kept.y + leastVisible.height <= area.y + area.height;
    return width >= leastVisible.width && top;
  });
  return reachable ? { x: kept.x, y: kept.y, ...size } : size;
}
