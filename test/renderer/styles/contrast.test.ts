import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync('renderer/styles/tokens.css', 'utf8');

/** The colours set in the block that begins with this selector. */
function colours(selector: string): Map<string, string> {
  const start = css.indexOf(`${selector} {`);
  expect(start).toBeGreaterThan(-1);
  const block = css.slice(start, css.indexOf('}', start));
  return new Map(
    [...block.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name ?? '', value ?? '']),
  );
}

/** Relative luminance (WCAG 2.2). */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const surfaces = ['ground', 'surface', 'raised', 'sunken'];
const texts = ['ink', 'ink-soft', 'ink-faint', 'ember', 'flash', 'running', 'trouble', 'caution', 'virtual'];
const pairs = [
  ...texts.flatMap((text) => surfaces.map((surface) => [text, surface, 4.5] as const)),
  ...['ember', 'flash', 'running', 'trouble', 'caution', 'virtual'].flatMap((tone) => [
    [tone, `${tone}-wash`, 4.5] as const,
    ['ink', `${tone}-wash`, 4.5] as const,
  ]),
  ['on-ember', 'ember-fill', 4.5] as const,
  ['on-ember', 'ember-fill-hover', 4.5] as const,
  ['on-trouble', 'trouble-fill', 4.5] as const,
  ['on-trouble', 'trouble-fill-hover', 4.5] as const,
  // What is no text needs 3:1 (WCAG 1.4.11).
  ...surfaces.map((surface) => ['line-strong', surface, 3] as const),
  ...surfaces.map((surface) => ['focus', surface, 3] as const),
  ['map-written', 'map-bare', 3] as const,
  ['map-kept', 'map-bare', 3] as const,
  ['map-erased-line', 'map-erased', 3] as const,
  ['map-forbidden-line', 'map-forbidden', 3] as const,
  ['map-doubt-line', 'map-doubt', 3] as const,
];

describe.each([
  ['light', ':root'],
  ['dark', ":root[data-theme='dark']"],
])('the %s theme', (_name, selector) => {
  const theme = new Map([...colours(':root'), ...colours(selector)]);
  it.each(pairs)('%s on %s reaches %d', (front, back, least) => {
    expect(contrast(theme.get(front) ?? '', theme.get(back) ?? '')).toBeGreaterThanOrEqual(least);
  });
});

it('is equally dark by the system and by choice', () => {
  expect(colours(":root:not([data-theme='light'])")).toEqual(colours(":root[data-theme='dark']"));
});
