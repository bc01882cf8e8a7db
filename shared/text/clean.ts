/**
 * Text from a device or a file made safe to show: control and format characters (escape sequences' beginnings,
 * bidirectional overrides, invisible joiners), line separators and broken surrogates are dropped, so that no
 * board can repaint a terminal or disguise a name.
 */
export function cleanText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\u2028\u2029]/gu, '');
}
