// What the host and the agent in the guest say to each other: one JSON object a line, bytes as base64.

/** Whom a program runs as: root, an ordinary user in group plugdev, or one outside it. */
export type GuestUser = 'root' | 'member' | 'outsider';

/** A program to run. Only what differs from the agent's own environment is in `env`. */
export interface SpawnWish {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly user: GuestUser;
  readonly stdinBase64: string;
  readonly timeoutMs: number;
}

/** How a program ended. Times are the guest's. */
export interface SpawnResult {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  readonly durationMs: number;
}

/** A board on a port of the guest's virtual hub, configured and with its node in /dev. */
export interface PresentDevice {
  /** `1-1`: the name under /sys/bus/usb/devices and libusb's port path. */
  readonly kernelPath: string;
  readonly busNumber: number;
  readonly address: number;
  /** `/dev/bus/usb/001/002`. */
  readonly node: string;
}

/** Everything the agent can do, with what it takes and gives. */
export interface AgentCommands {
  hello: {
    takes: { readonly repository: string };
    gives: { readonly kernel: string; readonly uptimeMs: number };
  };
  attach: {
    takes: { readonly busId: string; readonly usbipPort: number; readonly vhciPort: number };
    gives: undefined;
  };
  detach: { takes: { readonly vhciPort: number }; gives: undefined };
  waitFree: { takes: { readonly vhciPort: number; readonly limitMs: number }; gives: undefined };
  waitPresent: { takes: { readonly vhciPort: number; readonly limitMs: number }; gives: PresentDevice };
  settle: { takes: null; gives: undefined };
  spawn: { takes: SpawnWish; gives: SpawnResult };
  kill: { takes: { readonly spawnId: number; readonly signal: string }; gives: undefined };
  readFile: { takes: { readonly path: string }; gives: { readonly base64: string } };
  writeFile: {
    takes: { readonly path: string; readonly base64: string; readonly mode: number };
    gives: undefined;
  };
  time: { takes: null; gives: { readonly monotonicMs: number; readonly epochMs: number } };
}

export type AgentCommandName = keyof AgentCommands;

/** Host to agent. */
export type AgentRequest = {
  [Name in AgentCommandName]: {
    readonly id: number;
    readonly command: Name;
    readonly takes: AgentCommands[Name]['takes'];
  };
}[AgentCommandName];

/** Agent to host: output of a spawned program as it comes, and one answer a request. */
export type AgentMessage =
  | {
      readonly id: number;
      readonly kind: 'output';
      readonly stream: 'stdout' | 'stderr';
      readonly base64: string;
    }
  | { readonly id: number; readonly kind: 'result'; readonly gives: unknown }
  | { readonly id: number; readonly kind: 'error'; readonly message: string };

/** What the agent finds in its configuration file. The token is the first line it sends. */
export interface AgentConfiguration {
  readonly host: string;
  readonly port: number;
  readonly token: string;
}

/** What the guest's end of a tunnel is told, as its one argument. */
export interface TunnelConfiguration {
  readonly host: string;
  readonly port: number;
  /** The first word of the first line of every connection it makes; the second is `control` or the connection's name. */
  readonly token: string;
  /** The port in the guest. */
  readonly target: number;
}
