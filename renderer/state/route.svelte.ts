// Where in the page we are, kept in the address after `#`, so that Back, reload and links work.

export type Route =
  | { readonly view: 'boards' | 'file' | 'backups' | 'logs' | 'settings' }
  /** `restore` names a backup to be put back on it. */
  | { readonly view: 'board'; readonly portPath: string; readonly restore?: string }
  | { readonly view: 'job'; readonly id: string };

function parse(hash: string): Route {
  const [view = '', argument = '', more = ''] = hash.replace(/^#\/?/, '').split('/');
  if (view === 'board' && /^[0-9A-Za-z.-]{1,64}$/.test(argument)) {
    const restore = /^[0-9A-Za-z._-]{1,160}$/.test(more) ? { restore: more } : {};
    return { view, portPath: argument, ...restore };
  }
  if (view === 'job' && /^[0-9A-Za-z-]{1,64}$/.test(argument)) return { view, id: argument };
  if (view === 'file' || view === 'backups' || view === 'logs' || view === 'settings') return { view };
  return { view: 'boards' };
}

/** The address of a place. */
export function linkTo(route: Route): string {
  switch (route.view) {
    case 'board':
      return `#/board/${route.portPath}${route.restore === undefined ? '' : `/${route.restore}`}`;
    case 'job':
      return `#/job/${route.id}`;
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
