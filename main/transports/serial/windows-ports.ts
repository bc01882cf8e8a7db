// Windows: where the devices behind serial ports are plugged in. The package does not tell, the device tree does.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Wait } from '../../base/wait.ts';
import { portChainOfLocationPath } from './usb-port.ts';

/** Prints `instance id|location path;location path` for each port that is there. */
const query =
  'Get-PnpDevice -Class Ports -PresentOnly | Get-PnpDeviceProperty -KeyName DEVPKEY_Device_LocationPaths | ' +
  "ForEach-Object { $_.InstanceId + '|' + ($_.Data -join ';') }";
/** PowerShell takes a second or two to start; ours, ms. */
const queryLimitMs = 10_000;
const mostOutput = 256 * 1024;

/** Runs the query; its output, or nothing where it cannot be had. */
export async function askDeviceTree(wait: Wait): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(
      'powershell.exe',
      ['-NoProfile', '-NonInteractive', '-Command', query],
      { timeout: queryLimitMs, maxBuffer: mostOutput, windowsHide: true, signal: wait.signal },
    );
    return stdout;
  } catch {
    return '';
  }
}

/** Chains of ports by instance id, upper case; ports whose place cannot be told are left out. */
export function chainsIn(output: string): ReadonlyMap<string, string> {
  const chains = new Map<string, string>();
  for (const line of output.split(/\r?\n/)) {
    const bar = line.indexOf('|');
    if (bar < 1) continue;
    const places = line.slice(bar + 1).split(';');
    const chain = places.map((place) => portChainOfLocationPath(place)).find((one) => one !== undefined);
    if (chain !== undefined) chains.set(line.slice(0, bar).trim().toUpperCase(), chain);
  }
  return chains;
}
