/**
 * Text from a device or a file made safe to show: control characters, escape sequences' beginnings, bidirectional
 * overrides and broken surrogates are dropped, so that no board can repaint a terminal or disguise a name.
 */
export function cleanText(text: string): string {
  return text
    .replace(
      /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]/g,
      '',
    )
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '');
}
