// The schema for other programs says what ours does.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { firmwareIndexSchema, indexEntrySchema } from '../../shared/firmware-index.ts';

interface Written {
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, Field>>;
}
interface Field {
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly items?: Written;
}
/** What valibot keeps of a field, as far as the schema for others repeats it. */
interface Part {
  readonly type: string;
  readonly requirement?: unknown;
  readonly wrapped?: Part;
  readonly pipe?: readonly Part[];
}

function partsOf(part: Part): readonly Part[] {
  if (part.wrapped !== undefined) return partsOf(part.wrapped);
  return (
    part.pipe?.flatMap((one) => (one === part ? [one] : one.pipe === undefined ? [one] : partsOf(one))) ?? [
      part,
    ]
  );
}

function limitsOf(part: Part): Field {
  const of = (type: string): unknown => partsOf(part).find((one) => one.type === type)?.requirement;
  const regex = of('regex');
  return {
    pattern: regex instanceof RegExp ? regex.source.replaceAll('\\/', '/') : undefined,
    maxLength: of('max_length') as number | undefined,
    maximum: of('max_value') as number | undefined,
  } as Field;
}

function compare(written: Written, entries: Readonly<Record<string, Part>>): void {
  expect(Object.keys(written.properties)).toEqual(Object.keys(entries));
  const needed = Object.keys(entries).filter((name) => !/optional/.test(entries[name]?.type ?? ''));
  expect(written.required).toEqual(needed);
  for (const [name, part] of Object.entries(entries)) {
    if (name === 'firmware') continue;
    const { pattern, maxLength, maximum } = written.properties[name] ?? {};
    expect({ name, pattern, maxLength, maximum }).toEqual({ name, ...limitsOf(part) });
  }
}

describe('assets/schema/firmware-index.json', () => {
  const written = JSON.parse(readFileSync('assets/schema/firmware-index.json', 'utf8')) as Written;

  it('has the fields and bounds of the index that is read here', () => {
    compare(written, firmwareIndexSchema.entries);
    expect(written.properties['firmware']?.maxItems).toBe(
      limitsOfList(firmwareIndexSchema.entries.firmware as never),
    );
  });

  it('has those of its entries', () => {
    compare(written.properties['firmware']?.items as Written, indexEntrySchema.entries);
  });
});

function limitsOfList(part: Part): unknown {
  return partsOf(part).find((one) => one.type === 'max_length')?.requirement;
}
