import type { BackupRecord } from '../../shared/backup-record.ts';
import type { ImageFact } from '../../shared/image-facts.ts';

const most = 50;

/** Products and versions among the facts of an image, as a backup's record has them. */
export function foundIn(facts: readonly ImageFact[]): BackupRecord['found'] {
  return facts
    .flatMap((fact): BackupRecord['found'] => {
      if (fact.code === 'product') return [{ kind: 'product', text: fact.product.slice(0, 255) }];
      if (fact.code === 'version') return [{ kind: 'version', text: fact.version.slice(0, 255) }];
      return [];
    })
    .slice(0, most);
}
