// What a person settles about a board that is waited for, besides its file.
import type { Acceptance } from '../../shared/acceptances.ts';

/** Thrown away with its page. */
export class ArmChoices {
  /** Only this port; any otherwise. */
  portPath = $state<string>();
  /** By this way by hand first, and by none of software. */
  way = $state<string>();
  /** The chip it has, where it may have several. */
  chip = $state<string>();
  /** What may turn out, and is then to be gone on with. */
  accept = $state.raw<readonly Acceptance[]>([]);

  constructor(settled: { readonly portPath?: string; readonly way?: string } = {}) {
    this.portPath = settled.portPath;
    this.way = settled.way;
  }

  /** Answers one thing that may turn out. */
  answer(accept: Acceptance, yes: boolean): void {
    const others = this.accept.filter((one) => one !== accept);
    this.accept = yes ? [...others, accept] : others;
  }

  /** As the core takes it. */
  get input(): { portPath?: string; way?: string; chip?: string; accept: Acceptance[] } {
    const { portPath, way, chip } = this;
    return {
      ...(portPath === undefined ? {} : { portPath }),
      ...(way === undefined ? {} : { way }),
      ...(chip === undefined ? {} : { chip }),
      accept: [...this.accept],
    };
  }
}
