/** The terminals that are open on the devices of one diagram. */
import * as vscode from 'vscode';
import type { SimulationEvent, SimulationRequest } from '../../simulation/protocol';
import { COMMAND_NAMES } from '../../simulation/terminal/shell';
import type { ResolvedTopology } from '../../topology/resolved';
import { DeviceTerminal } from './device-terminal';

/** Numbers are never used twice, so that no terminal gets what was meant for another. */
let lastNumber = 0;

export class DeviceTerminals implements vscode.Disposable {
  private readonly open = new Map<
    number,
    { readonly pty: DeviceTerminal; readonly shown: vscode.Terminal }
  >();

  constructor(
    private readonly request: (request: SimulationRequest) => void,
    private readonly topology: () => ResolvedTopology | undefined,
  ) {}

  /** Opens a terminal on a device, and shows it. */
  show(device: string): void {
    const number = ++lastNumber;
    const pty = new DeviceTerminal(number, device, {
      request: this.request,
      complete: before => this.complete(device, before),
      closed: () => this.open.delete(number),
    });
    const shown = vscode.window.createTerminal({ name: device, pty, iconPath: new vscode.ThemeIcon('vm') });
    this.open.set(number, { pty, shown });
    shown.show();
  }

  /** Takes what concerns terminals; true for an event that is for nobody else. */
  take(event: SimulationEvent): boolean {
    if (event.type === 'terminal') {
      this.open.get(event.terminal)?.pty.printed(event);
      return true;
    }
    if (event.type === 'rewound') {
      this.tellAll(vscode.l10n.t('time went back'));
    } else if (event.type === 'reset') {
      this.tellAll(vscode.l10n.t('the simulation began again'));
    }
    return false;
  }

  dispose(): void {
    [...this.open.values()].forEach(({ shown }) => shown.dispose());
    this.open.clear();
  }

  private tellAll(what: string): void {
    this.open.forEach(({ pty }) => pty.timeMoved(what));
  }

  /** Commands first; behind one, what the file has: devices and their interfaces, or the own ones where an option asks for one. */
  private complete(device: string, before: string): readonly string[] {
    if (!/\s/.test(before.trimStart())) {
      return COMMAND_NAMES;
    }
    const devices = this.topology()?.devices ?? [];
    const interfacesOf = (chosen: typeof devices): string[] =>
      chosen.flatMap(one => ('interfaces' in one ? one.interfaces.map(({ name }) => name) : []));
    const names = devices.map(({ id }) => id);
    if (/\s(dev|-i)\s+\S*$/.test(before)) {
      return [...new Set([...interfacesOf(devices.filter(({ id }) => id === device)), 'any', 'lo'])].sort();
    }
    // The servers of dig.
    if (/\s@\S*$/.test(before)) {
      return names.map(name => `@${name}`).sort();
    }
    return [...new Set([...names, ...interfacesOf(devices)])].sort();
  }
}
