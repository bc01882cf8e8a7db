import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const folder = 'assets/udev';

describe('the udev rules we ship', () => {
  it.each(readdirSync(folder))('%s lets in plugdev and the person at the screen, and nobody else', (name) => {
    // usb_id has run from 51 on; uaccess acts in 73 (dfu.md 7.1).
    const number = Number(/^(\d+)-.+\.rules$/.exec(name)?.[1]);
    expect(number).toBeGreaterThan(50);
    expect(number).toBeLessThan(73);
    const text = readFileSync(`${folder}/${name}`, 'utf8');
    const opening = text.split('\n').filter((line) => line.includes('MODE='));
    expect(opening.length).toBeGreaterThan(0);
    for (const line of opening) {
      expect(line).toContain('MODE="0660"');
      expect(line).toContain('GROUP="plugdev"');
      expect(line).toContain('TAG+="uaccess"');
    }
    expect(text).not.toContain('0666');
  });

  it('covers program and flash mode of every DFU device', () => {
    const text = readFileSync(`${folder}/70-rekindle.rules`, 'utf8');
    for (const code of ['fe0100', 'fe0101', 'fe0102']) expect(text).toContain(`*:${code}:*`);
  });
});
