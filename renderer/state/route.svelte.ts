// Where in the page we are, kept in the address after `#`, so that Back, reload and links work.

export type Route =
  | {
      readonly view: 'boards' | 'lanes' | 'choose' | 'file' | 'backups' | 'history' | 'logs' | 'settings';
    }
  /** `goesOn` names a batch that was under way when its program ended. */
  | { readonly view: 'several'; readonly goesOn?: string }
  /** `restore` names a backup to be put back on it. */
  | { readonly view: 'board'; readonly portPath: string; readonly restore?: string }
  /** One offer for the board on a port. */
  | { readonly view: 'update'; readonly portPath: string; readonly offer: string }
  /** Firmware for a board that need not be there yet, and trying it on a virtual one; both by profile. */
  | { readonly view: 'ready' | 'practise'; readonly profile: string }
  | { readonly view: 'job'; readonly id: string }
  /** By the id of a recorded job: the job itself, the board it was on, or what it left. */
  | { readonly view: 'past-job' | 'unit' | 'open-job'; readonly id: string };

const pastViews = { job: 'past-job', unit: 'unit', open: 'open-job' } as const;

const plainViews = ['lanes', 'choose', 'file', 'backups', 'history', 'logs', 'settings'] as const;

function parse(hash: string): Route {
  const [view = '', argument = '', more = ''] = hash.replace(/^#\/?/, '').split('/');
  if (view === 'board' && /^[0-9A-Za-z.-]{1,64}$/.test(argument)) {
    const restore = /^[0-9A-Za-z._-]{1,160}$/.test(more) ? { restore: more } : {};
    return { view, portPath: argument, ...restore };
  }
  if (view === 'update' && /^[0-9A-Za-z.-]{1,64}$/.test(argument) && /^[0-9a-f]{32}$/.test(more))
    return { view, portPath: argument, offer: more };
  if (view === 'history' && /^[0-9A-Za-z._-]{1,160}$/.test(more)) {
    const part = Object.entries(pastViews).find(([name]) => name === argument)?.[1];
    if (part !== undefined) return { view: part, id: more };
  }
  if (view === 'several') return { view, ...(/^[0-9a-f-]{36}$/.test(argument) ? { goesOn: argument } : {}) };
  if (view === 'job' && /^[0-9A-Za-z-]{1,64}$/.test(argument)) return { view, id: argument };
  if ((view === 'ready' || view === 'practise') && /^[a-z0-9-]{1,60}$/.test(argument))
    return { view, profile: argument };
  return { view: plainViews.find((one) => one === view) ?? 'boards' };
}

/** The address of a place. */
export function linkTo(route: Route): string {
  switch (route.view) {
    case 'board':
      return `#/board/${route.portPath}${route.restore === undefined ? '' : `/${route.restore}`}`;
    case 'several':
      return `#/several${route.goesOn === undefined ? '' : `/${route.goesOn}`}`;
    case 'update':
      return `#/update/${route.portPath}/${route.offer}`;
    case 'ready':
    case 'practise':
      return `#/${route.view}/${route.profile}`;
    case 'job':
      return `#/job/${route.id}`;
    case 'past-job':
      return `#/history/job/${route.id}`;
    case 'unit':
      return `#/history/unit/${route.id}`;
    case 'open-job':
      return `#/history/open/${route.id}`;
    default:
      return `#/${route.view}`;
  }
}

/** Goes there; Back comes back. */
export function goTo(route: Route): void {
  location.hash = linkTo(route);
}

/** The place the page shows. */
export class CurrentRoute {
  now = $state.raw<Route>(parse(location.hash));

  constructor() {
    addEventListener('hashchange', () => (this.now = parse(location.hash)));
  }
}
