// Particle bundles: an application with its assets, or the modules of a release (devices.md 1.7).
import type { ImageFact } from '../../../shared/image-facts.ts';
import type { Archive } from '../archives/archive.ts';
import { particle } from '../formats/particle.ts';
import type { ImagePart, ParsedImage } from '../image.ts';
import type { ImagePackage } from './package.ts';

export const particleBundle: ImagePackage = {
  id: 'particle-bundle',
  recognise(archive) {
    if (archive.entries.length < 2) return undefined;
    const modules = modulesOf(archive);
    const users = modules.filter(({ fact }) => fact.module === 'user-part').length;
    const platforms = new Set(modules.map(({ fact }) => fact.platform));
    if (platforms.size !== 1 || users > 1) return undefined;
    const parse = (): ParsedImage => parseBundle(archive, modules);
    if (modules.length > 1) return { evidence: 'modules of one Particle platform', parse };
    return users === 1 ? { evidence: 'a Particle application with its assets', parse } : undefined;
  },
};

function parseBundle(archive: Archive, modules: readonly Module[]): ParsedImage {
  const parts: ImagePart[] = [];
  const facts: ImageFact[] = [];
  for (const { path, fact, image } of modules) {
    const own = image.facts ?? [];
    const isWritten = !own.some((one) => one.code === 'other-route');
    // The system part goes first: the user part depends on it.
    if (isWritten && fact.module === 'user-part') parts.push(...image.parts);
    else if (isWritten) parts.unshift(...image.parts);
    facts.push(...own.filter((one) => one.code !== 'other-route'));
    facts.push({ code: 'member', name: path, role: isWritten ? 'firmware' : 'not-written-over-dfu' });
  }
  for (const { path } of archive.entries)
    if (!modules.some((one) => one.path === path)) facts.push({ code: 'member', name: path, role: 'asset' });
  if (parts.length > 0) return { parts, facts };
  facts.push({ code: 'other-route', what: 'Particle', route: 'particle-update' });
  return { parts: modules.flatMap(({ image }) => image.parts), facts };
}

interface Module {
  readonly path: string;
  readonly fact: Extract<ImageFact, { code: 'particle' }>;
  readonly image: ParsedImage;
}

/** The entries that are modules, with a CRC that fits. */
function modulesOf(archive: Archive): readonly Module[] {
  return archive.entries.flatMap(({ path, unpack }): Module[] => {
    if (!/\.bin$/i.test(path)) return [];
    const bytes = unpack();
    if (particle.recognise(bytes, path)?.confidence !== 'certain') return [];
    const image = particle.parse(bytes, `${archive.name}/${path}`);
    const fact = image.facts?.find((one) => one.code === 'particle');
    return fact === undefined ? [] : [{ path, fact, image }];
  });
}
