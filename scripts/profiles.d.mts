/** Every profile of assets/profiles, as one JSON text. */
export function profiles(): string;
