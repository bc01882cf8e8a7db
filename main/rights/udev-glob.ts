// Patterns as udev compares with them: `*`, `?`, `[...]`, and alternatives between `|`.

/** Longer ones are not looked at: undefined. Nobody writes them, and matching them could take long. */
const longestPattern = 512;
const mostStars = 6;

/** Whether a value fits a pattern; undefined for a pattern that is not for us to judge. */
export function matchesPattern(pattern: string, value: string, anyCase = false): boolean | undefined {
  if (pattern.length > longestPattern) return undefined;
  let doubt = false;
  for (const one of pattern.split('|')) {
    const expression = one.split('*').length - 1 > mostStars ? undefined : expressionOf(one, anyCase);
    if (expression === undefined) doubt = true;
    else if (expression.test(value)) return true;
  }
  return doubt ? undefined : false;
}

function expressionOf(pattern: string, anyCase: boolean): RegExp | undefined {
  let source = '';
  for (let index = 0; index < pattern.length; index++) {
    const letter = pattern.charAt(index);
    if (letter === '*') source += '[^]*';
    else if (letter === '?') source += '[^]';
    else if (letter === '[') {
      const end = pattern.indexOf(']', index + 2);
      if (end === -1) return undefined;
      const inside = pattern.slice(index + 1, end).replace(/^!/, '^');
      if (!/^\^?[\w:. -]+$/.test(inside)) return undefined;
      source += `[${inside}]`;
      index = end;
    } else source += letter.replace(/[\\^$.+?()[\]{}|/]/g, '\\$&');
  }
  try {
    return new RegExp(`^${source}$`, anyCase ? 'i' : '');
  } catch {
    // A range that runs backwards.
    return undefined;
  }
}

/** What stands before the first sign with a meaning of its own. */
export function literalStart(pattern: string): string {
  return /^[^*?[\]|]*/.exec(pattern)?.[0] ?? '';
}
