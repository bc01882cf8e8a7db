// What building puts into the program, for what runs from source. Imported before anything that wants it.
import { profiles } from '../../scripts/profiles.mjs';

Object.assign(globalThis, { REKINDLE_PROFILES: JSON.parse(profiles()) as unknown });
