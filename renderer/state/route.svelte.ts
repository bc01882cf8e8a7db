// Where in the page we are, kept in the address after `#`, so that Back, reload and links work.

export type Route =
  | { readonly view: 'boards' | 'choose' | 'file' | 'backups' | 'logs' | 'settings' }
  /** `restore` names a backup to be put back on it. */
  | { readonly view: 'board'; readonly portPath: string; readonly restore?: string }
  /** Firmware for a board that need not be there yet, and trying it on a virtual one; both by profile. */
  | { readonly view: 'ready' | 'practise'; readonly profile: string }
  | { readonly view: 'job'; readonly id: string };

function parse(hash: string): Route {
  const [view = '', argument = '', more = ''] = hash.replace(/^#\/?/, '').split('/');
  if (view === 'board' && /^[0-9A-Za-z.-]{1,64}$/.test(argument)) {
    const restore = /^[0-9A-Za-z._-]{1,160}$/.test(more) ? { restore: more } : {};
    return { view, portPath: argument, ...restore };
  }
  if (view === 'job' && /^[0-9A-Za-z-]{1,64}$/.test(argument)) return { view, id: argument };
  if ((view === 'ready' || view === 'practise') && /^[a-z0-9-]{1,60}$/.test(argument))
    return { view, profile: argument };
  if (view === 'choose' || view === 'file' || view === 'backups' || view === 'logs' || view === 'settings')
    return { view };
  return { view: 'boards' };
}

/** The address of a place. */
export function linkTo(route: Route): string {
  switch (route.view) {
    case 'board':
      return `#/board/${route.portPath}${route.restore === undefined ? '' : `/${route.restore}`}`;
    case 'ready':
    case 'practise':
      return `#/${route.view}/${route.profile}`;
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
