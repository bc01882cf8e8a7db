import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { drawingState } from '../../../renderer/parts/coach/drawing-state.ts';
import { drawGuides } from '../../../scripts/draw-guides.mjs';
import { builtInProfiles } from '../../../main/devices/profiles.ts';
import type { GuideSnapshot } from '../../../shared/guide.ts';
import type { GuideStep } from '../../../shared/profile.ts';

function at(steps: readonly GuideStep[], from: number, to = from): GuideSnapshot['steps'] {
  return steps.map((step, place) => ({
    step,
    state: place < from ? 'done' : place <= to ? 'now' : 'waiting',
  }));
}

const button: readonly GuideStep[] = [
  { verb: 'unplug' },
  { verb: 'hold', control: 'S1' },
  { verb: 'plug-in' },
  { verb: 'wait', forMs: 1000 },
  { verb: 'let-go', control: 'S1' },
];

describe('the state of a drawing', () => {
  it('follows the cable and the hand from step to step', () => {
    const states = [
      drawingState({ steps: at(button, 0), hold: 'none' }),
      drawingState({ steps: at(button, 1, 2), hold: 'none' }),
      drawingState({ steps: at(button, 3), hold: 'keep' }),
      drawingState({ steps: at(button, 4), hold: 'now' }),
      drawingState({ steps: at(button, 5), hold: 'none' }),
    ];
    expect(states).toEqual(['unplugging-free', 'plugging-held', 'in-held', 'in-let-go', 'in-free']);
  });

  it('begins with the board as the first step takes it to be', () => {
    expect(drawingState({ steps: at([{ verb: 'plug-in' }], -1, -1), hold: 'none' })).toBe('out-free');
    expect(drawingState({ steps: at([{ verb: 'switch-on' }], 0), hold: 'none' })).toBe('switching-on-free');
  });

  it('says let go whatever step is due', () => {
    expect(drawingState({ steps: at(button, 3), hold: 'now' })).toBe('in-let-go');
  });
});

const folder = new URL('../../../assets/guides/', import.meta.url);
const files = Object.fromEntries(
  readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]),
);

describe('the drawings', () => {
  it('are those that scripts/draw-guides.mjs draws', () => {
    expect(drawGuides()).toEqual(files);
  });

  const guided = builtInProfiles.flatMap((profile) =>
    profile.drawing === undefined ? [] : [[profile.id, profile.drawing.file, profile.ways] as const],
  );
  it.each(guided)('show every step of %s', (_, file, ways) => {
    const svg = files[`${file}.svg`] ?? '';
    for (const way of ways) {
      if (way.kind !== 'by-hand') continue;
      for (let place = 0; place < way.steps.length; place++) {
        const state = drawingState({ steps: at(way.steps, place), hold: 'none' });
        expect(svg).toContain(`<g id="${state}"/>`);
        expect(svg).toContain(`<g id="${state}-still"/>`);
      }
    }
  });
});
