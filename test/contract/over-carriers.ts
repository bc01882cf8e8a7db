// A studio that is served over one carrier while tests run, and a page on it.
import { afterAll, beforeAll } from 'vitest';
import { connect, type StudioClient } from '../../renderer/client/connect.ts';
import { carriers, makeStudio, type Carrier, type StudioRig, type StudioRigOptions } from './studio-rig.ts';

/** What a page may come by: what holds for one holds for all. */
export type CarrierName = keyof typeof carriers;
export const carrierNames = Object.keys(carriers) as CarrierName[];

/** There while tests run, and only then. */
export interface Served {
  readonly rig: StudioRig;
  readonly carrier: Carrier;
  /** A page. */
  readonly client: StudioClient;
}

/** For the tests of the `describe` it is called in. */
export function serveOver(name: CarrierName, options: StudioRigOptions = {}): Served {
  let served: Served | undefined;
  const now = (): Served => {
    if (served === undefined) throw new Error('the studio is there while tests run, and only then');
    return served;
  };
  beforeAll(async () => {
    const rig = await makeStudio(options);
    const carrier = await carriers[name](rig.studio);
    served = { rig, carrier, client: connect(await carrier.page()) };
  });
  afterAll(async () => {
    await served?.carrier[Symbol.asyncDispose]();
    await served?.rig[Symbol.asyncDispose]();
  });
  return {
    get rig() {
      return now().rig;
    },
    get carrier() {
      return now().carrier;
    },
    get client() {
      return now().client;
    },
  };
}
