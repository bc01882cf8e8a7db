// Lines of udev rules, taken apart as udev(7) writes them: keys, what they are compared with, what they set.

/** One `KEY{attribute}OPERATOR"value"`. */
export interface Term {
  readonly key: string;
  /** Empty where there is none. */
  readonly attribute: string;
  readonly operator: '==' | '!=' | '=' | '+=' | '-=' | ':=';
  readonly value: string;
  /** `i"value"`: letters of either case. */
  readonly anyCase: boolean;
}

/** A line that says something: its terms, or undefined where it cannot be taken apart. */
export interface RuleLine {
  /** Of its beginning, from 1. */
  readonly line: number;
  readonly text: string;
  readonly terms: readonly Term[] | undefined;
}

/** Lines of a rules file in order; comments and empty lines left out, lines that end in `\` joined with the next. */
export function ruleLines(text: string): RuleLine[] {
  const found: RuleLine[] = [];
  let joined = '';
  let first = 0;
  const end = (): void => {
    const said = joined.trim();
    if (said !== '') found.push({ line: first, text: said, terms: termsOf(said) });
    joined = '';
  };
  for (const [index, raw] of text.split('\n').entries()) {
    // A comment between joined lines is skipped and ends nothing.
    if (raw.trimStart().startsWith('#')) continue;
    if (joined === '') first = index + 1;
    if (raw.trimEnd().endsWith('\\')) {
      joined += raw.trimEnd().slice(0, -1);
      continue;
    }
    joined += raw;
    end();
  }
  end();
  return found;
}

const termPattern = /[\s,]*([A-Z_]+)(?:\{([^}]*)\})?\s*(==|!=|\+=|-=|:=|=)\s*([ei]{0,2})"((?:[^"\\]|\\.)*)"/y;

function termsOf(line: string): Term[] | undefined {
  const terms: Term[] = [];
  termPattern.lastIndex = 0;
  let end = 0;
  for (;;) {
    const found = termPattern.exec(line);
    if (found === null) break;
    const [, key = '', attribute = '', operator = '==', prefix = '', value = ''] = found;
    // Escapes beyond the quote's own are for shells and names, and never in what we look at.
    terms.push({
      key,
      attribute,
      operator: operator as Term['operator'],
      value: value.replaceAll('\\"', '"'),
      anyCase: prefix.includes('i'),
    });
    end = termPattern.lastIndex;
  }
  return /^[\s,]*$/.test(line.slice(end)) ? terms : undefined;
}
