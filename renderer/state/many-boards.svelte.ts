// One recipe for the boards that are plugged in: each is asked what it would mean to it.
import type { BoardReport } from '../../shared/board.ts';
import type { Plan } from '../../shared/plan.ts';
import { failureOf, type Failure } from '../client/errors.ts';
import type { FlashTarget, TargetInput } from './flash-target.ts';
import type { StudioState } from './studio.svelte.ts';

/** One of the boards there are. */
export interface BoardRow {
  readonly portPath: string;
  /** Undefined while it is asked, and where asking failed. */
  readonly plan: Plan | undefined;
  readonly failure: Failure | undefined;
  /** Left out by hand. */
  readonly leftOut: boolean;
}

/** The choice of boards; thrown away with its page. */
export class ManyBoards {
  readonly #studio: StudioState;
  rows = $state.raw<readonly BoardRow[]>([]);
  #input: TargetInput | undefined;
  /** Only the newest wish counts. */
  #wish = 0;

  constructor(studio: StudioState) {
    this.#studio = studio;
  }

  /** Boards that can be asked: plugged in, not known by name only, and no job has them. */
  static usable(studio: StudioState): readonly BoardReport[] {
    return studio.boards.boards.filter(
      ({ isBoard, internal, mode, problem, portPath }) =>
        isBoard &&
        !internal &&
        mode !== 'other' &&
        problem === undefined &&
        !studio.jobs.some((job) => job.portPath === portPath && job.result === undefined),
    );
  }

  /** The plan that is shown: of the first board that can be flashed, else what stands against the first. */
  get shown(): Plan | undefined {
    const plans = this.rows.flatMap(({ plan }) => plan ?? []);
    return plans.find(({ refusals }) => refusals.length === 0) ?? plans[0];
  }

  /** Those that can be flashed with what is shown: one that asks anything else needs a page of its own. */
  get able(): readonly (BoardRow & { readonly plan: Plan })[] {
    const asked: readonly string[] = this.shown?.questions.map(({ id }) => id) ?? [];
    return this.rows.flatMap((row) => {
      const { plan } = row;
      if (plan === undefined || plan.refusals.length > 0) return [];
      return plan.questions.every(({ id }) => asked.includes(id)) ? { ...row, plan } : [];
    });
  }

  /** Those that will be flashed. */
  get chosen(): readonly (BoardRow & { readonly plan: Plan })[] {
    return this.able.filter(({ leftOut }) => !leftOut);
  }

  /** What to choose a file for. */
  get target(): FlashTarget {
    return {
      backsUp: true,
      plan: (input) => this.#planAll(input),
      start: async ({ restoreOf: _restore, ...recipe }, { agreed }) => {
        const boards = this.chosen.map(({ portPath, plan }) => ({
          portPath,
          confirmed: plan.hash,
          // Of each its own questions, of those that were shown and agreed to.
          agreed: plan.questions.map(({ id }) => id).filter((id) => id === 'confirm' || agreed.includes(id)),
        }));
        const { batch } = await this.#studio.client.jobs.flashAll({ ...recipe, boards });
        return { id: batch };
      },
    };
  }

  leaveOut(portPath: string, leftOut: boolean): void {
    this.#change(portPath, { leftOut });
  }

  /** Before anything is asked: boards at these ports had their turn already. */
  leaveOutAtFirst(ports: readonly string[]): void {
    this.rows = ports.map((portPath) => ({ ...newRow(portPath), leftOut: true }));
  }

  /** Boards came or went: those that are new are asked, the others stay as they are. */
  async follow(ports: readonly string[]): Promise<void> {
    if (this.#input === undefined) return;
    const known = this.rows.map(({ portPath }) => portPath);
    this.rows = this.rows.filter(({ portPath }) => ports.includes(portPath));
    const fresh = ports.filter((portPath) => !known.includes(portPath));
    if (fresh.length === 0) return;
    this.rows = [...this.rows, ...fresh.map(newRow)];
    await this.#ask(fresh, this.#input, this.#wish);
  }

  async #planAll(input: TargetInput): Promise<Plan> {
    const wish = ++this.#wish;
    this.#input = input;
    const ports = ManyBoards.usable(this.#studio).map(({ portPath }) => portPath);
    const leftOut = this.rows.filter((row) => row.leftOut).map(({ portPath }) => portPath);
    this.rows = ports.map((portPath) => ({ ...newRow(portPath), leftOut: leftOut.includes(portPath) }));
    const errors = await this.#ask(ports, input, wish);
    if (this.shown !== undefined) return this.shown;
    const [first] = errors;
    throw first instanceof Error ? first : new Error('No board is plugged in');
  }

  /** Answers what was thrown. */
  async #ask(ports: readonly string[], input: TargetInput, wish: number): Promise<unknown[]> {
    const errors: unknown[] = [];
    await Promise.all(
      ports.map(async (portPath) => {
        try {
          const plan = await this.#studio.client.jobs.plan({ portPath, ...input });
          if (wish === this.#wish) this.#change(portPath, { plan, failure: undefined });
        } catch (error) {
          errors.push(error);
          if (wish === this.#wish) this.#change(portPath, { plan: undefined, failure: failureOf(error) });
        }
      }),
    );
    return errors;
  }

  #change(portPath: string, change: Partial<BoardRow>): void {
    this.rows = this.rows.map((row) => (row.portPath === portPath ? { ...row, ...change } : row));
  }
}

function newRow(portPath: string): BoardRow {
  return { portPath, plan: undefined, failure: undefined, leftOut: false };
}
