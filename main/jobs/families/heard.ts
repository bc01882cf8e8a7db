// What a board's program said, kept while the board is in flash mode: a plan and the job that follows it are two jobs, and
// only the first of them meets the program.
import { limits } from '../../../shared/limits.ts';
import type { ProgramSays } from '../../../shared/families.ts';
import type { Bus, Facts } from '../../devices/bus.ts';
import type { ExtraBackup } from '../../families/family.ts';

export interface Heard {
  readonly says: ProgramSays;
  readonly extra: ExtraBackup | undefined;
}

/** One arrival of one board: whatever comes to the port later is another. */
function keyOf(bus: Bus, facts: Facts): string {
  return `${bus.name} ${facts.portPath} ${facts.generation}`;
}

export function remember(heard: Map<string, Heard>, bus: Bus, facts: Facts, what: Heard): void {
  heard.set(keyOf(bus, facts), what);
  const [oldest] = heard.keys();
  if (heard.size > limits.rememberedPrograms && oldest !== undefined) heard.delete(oldest);
}

export function recall(heard: ReadonlyMap<string, Heard>, bus: Bus, facts: Facts): Heard | undefined {
  return heard.get(keyOf(bus, facts));
}
