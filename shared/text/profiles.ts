// Words for boards we know.
import type { Profile, ProfileMode, Support, WayIn } from '../profile.ts';
import { formatDuration } from '../units.ts';

/** How far a board goes here. */
export const supportTexts: { readonly [level in Support]: string } = {
  full: 'flashed here, whole',
  repair: 'made to run again here, once it is in flash mode',
  named: 'known by name only',
};

/** How far what is said of a board was tried. */
export const testedTexts: { readonly [level in Profile['tested']]: string } = {
  'not-yet': 'not tried yet',
  simulator: 'tried on a virtual board',
  recorded: 'tried on a recording of a real one',
  hardware: 'tried on a real one',
};

const modeTexts: { readonly [kind in ProfileMode['kind']]: string } = {
  application: 'Its program',
  'runtime-dfu': 'Its program, with a door to flash mode',
  flash: 'Flash mode',
};

/** A way into flash mode, in a few words. */
export function wayText(way: WayIn): string {
  switch (way.kind) {
    case 'dfu-detach':
      return 'asked over USB';
    case 'serial-touch':
      return `its serial port opened at ${way.baud} baud`;
    case 'serial-command':
      return `"${way.command}" on its serial port`;
    case 'by-hand':
      return `by hand: ${way.name}`;
  }
}

/** All that a profile says, for people, a line each. */
export function profileLines(profile: Profile): string[] {
  const { window, watchdog, printed, backup, files } = profile;
  const lines = [
    `${profile.name} by ${profile.maker}: ${supportTexts[profile.support]} (${testedTexts[profile.tested]}).`,
  ];
  if (profile.today !== undefined) lines.push(profile.today);
  for (const danger of profile.dangers) lines.push(`Danger: ${danger}`);
  if (printed !== undefined) lines.push(`Printed on it: ${printed.name}. ${printed.where}`);
  for (const mode of profile.modes) {
    const chips = mode.chips === undefined ? '' : `, chip ${mode.chips.join(' or ')}`;
    lines.push(`${modeTexts[mode.kind]}: USB ${mode.ids.join(', ')}${chips}`);
    if (mode.looks !== undefined) lines.push(`  How it looks: ${mode.looks}`);
  }
  if (profile.ways.length > 0) lines.push(`Into flash mode: ${profile.ways.map(wayText).join('; ')}`);
  if (window !== undefined) lines.push(`Flash mode ends by itself after ${formatDuration(window.ms)}.`);
  if (watchdog !== undefined) lines.push(`${watchdog.what} (${watchdog.source})`);
  if (backup !== undefined) {
    lines.push(
      `Backup: ${backup.default}, unless you say otherwise.${backup.why === undefined ? '' : ` ${backup.why}`}`,
    );
  }
  if (files !== undefined) lines.push(`Its files: ${files.names.join(', ')}`);
  for (const list of ['forbidden', 'secrets'] as const) {
    for (const { alternate, first, last, what, when } of profile[list]) {
      const act = list === 'forbidden' ? 'Never written' : 'Never backed up';
      const only = when === undefined ? '' : ' Only where it is sure to be this board.';
      lines.push(`${act}: ${first} to ${last} of alternate ${alternate}: ${what}.${only}`);
    }
  }
  if (profile.holders.length > 0) lines.push(`What likes to hold it: ${profile.holders.join(', ')}`);
  lines.push(`Sources: ${profile.sources.join('; ')}`);
  return lines;
}

/** What a search goes over. */
export function profileWords({ id, name, maker, also, modes }: Profile): string {
  return [id, name, maker, ...also, ...modes.flatMap((mode) => mode.ids)].join('\n').toLowerCase();
}
