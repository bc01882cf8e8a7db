// The drawings of assets/guides as addresses of files of the page's own.
import type { GuideStep } from '../../../shared/profile.ts';

const files = import.meta.glob<string>('../../../assets/guides/*.svg', {
  eager: true,
  query: '?url',
  import: 'default',
});
const byName = new Map(
  Object.entries(files).map(([path, url]) => [path.replace(/^.*\/(.*)\.svg$/, '$1'), url]),
);

/** A drawing, and whether a source states what it shows. */
export interface Drawing {
  readonly url: string;
  readonly likeness: 'from-a-source' | 'schematic';
}

/** A board's own drawing, else one that fits its steps; undefined where a picture would say nothing. */
export function drawingFor(
  own: { readonly file: string; readonly likeness: Drawing['likeness'] } | undefined,
  steps: readonly GuideStep[],
): Drawing | undefined {
  const url = own === undefined ? undefined : byName.get(own.file);
  if (own !== undefined && url !== undefined) return { url, likeness: own.likeness };
  const verbs = new Set(steps.map(({ verb }) => verb));
  const general =
    verbs.has('close-jumper') || verbs.has('open-jumper')
      ? 'any-jumper'
      : verbs.has('hold') || verbs.has('press') || verbs.has('plug-in')
        ? 'any-button'
        : undefined;
  const found = general === undefined ? undefined : byName.get(general);
  return found === undefined ? undefined : { url: found, likeness: 'schematic' };
}
