// Practising: a virtual board on the table, armed with a program that does no harm.
import type { BenchAction, BenchControl } from '../../../shared/bench-action.ts';
import type { Profile } from '../../../shared/profile.ts';
import { ArmChoices } from '../../state/arm-choices.svelte.ts';
import { boardToCome } from '../../state/flash-target.ts';
import { Firmware } from '../../state/firmware.svelte.ts';
import { failureOf, type Failure } from '../../state/failure.ts';
import type { StudioState } from '../../state/studio.svelte.ts';

/** One practice, from an unplugged board to its end; thrown away with the page. */
export class Practice {
  readonly #studio: StudioState;
  portPath = $state<string>();
  controls = $state.raw<readonly BenchControl[]>([]);
  plugged = $state(false);
  jobId = $state<string>();
  failure = $state.raw<Failure>();
  #over = false;
  #firmware: Firmware | undefined;

  constructor(studio: StudioState) {
    this.#studio = studio;
  }

  /** Lays the board on the table and arms the job. What goes wrong is in `failure`. */
  async begin(profile: Profile, board: string): Promise<void> {
    const { client } = this.#studio;
    try {
      const place = await client.boards.plugVirtual({ board, plugged: false });
      this.portPath = place.portPath;
      this.controls = place.controls;
      this.plugged = place.plugged;
      if (this.#over) {
        this.end();
        return;
      }
      const { name, content, address } = await client.boards.practiceFile({ board });
      // Hands are what is practised: software would be faster.
      const way = profile.ways.find(({ kind }) => kind === 'by-hand');
      const named = way?.kind === 'by-hand' ? { way: way.name } : {};
      const choices = new ArmChoices({ portPath: place.portPath, ...named });
      const target = boardToCome(this.#studio, profile, choices);
      const firmware = new Firmware(this.#studio, target);
      this.#firmware = firmware;
      await firmware.take([new File([content], name)]);
      if (address !== null && firmware.failure === undefined) await firmware.choose({ address });
      const { plan } = firmware;
      const id = plan === undefined ? undefined : await firmware.start(plan.questions.map((one) => one.id));
      this.failure = firmware.failure;
      this.jobId = id;
    } catch (error) {
      this.failure = failureOf(error);
    }
    if (this.#over) this.end();
  }

  /** A hand does this to the board. */
  async act(action: BenchAction): Promise<void> {
    const { portPath } = this;
    if (portPath === undefined) return;
    try {
      const place = await this.#studio.client.boards.act({ portPath, action });
      this.controls = place.controls;
      this.plugged = place.plugged;
    } catch (error) {
      this.failure = failureOf(error);
    }
  }

  /** Takes everything off the table. */
  end(): void {
    this.#over = true;
    const { client } = this.#studio;
    if (this.jobId !== undefined)
      void client.jobs.cancel({ id: this.jobId, how: 'abort' }).catch(() => undefined);
    if (this.portPath !== undefined)
      void client.boards.unplugVirtual({ portPath: this.portPath }).catch(() => undefined);
    void this.#firmware?.clear().catch(() => undefined);
  }
}
