/** One panel: the diagram of one topology file, its simulation, and the messages between the two. */
import * as vscode from 'vscode';
import type { PanelEvent, PanelRequest, PictureFormat, Pins } from '../../simulation/panel-protocol';
import type {
  CaptureSelection,
  SimulationEvent,
  SimulationRequest,
  StepOutcome,
} from '../../simulation/protocol';
import { SimulationSession } from '../../simulation/session';
import { topologyText } from '../../simulation/topology-text';
import type { ResolvedTopology } from '../../topology/resolved';
import type { ColourRulesSetting } from '../colour-rules-setting';
import type { TopologyDocuments } from '../topology-documents';
import { nameOf } from './file-name';
import { HostRequests } from './host-requests';
import { PictureRequests } from './picture-requests';
import { PinStore } from './pin-store';
import { diagramPage, messagePage, type PanelPlaces } from './panel-html';
import { SelectionSync } from './selection-sync';
import { DeviceTerminals } from '../terminal/device-terminals';
import { TopologyEditing } from './topology-editing';
import { TopologySource } from './topology-source';

/** The type of these panels, by which VS Code brings them back after a reload. */
export const DIAGRAM_PANEL = 'vnet.diagram';

/** What every panel needs of the extension. */
export interface PanelServices {
  readonly documents: TopologyDocuments;
  readonly places: PanelPlaces;
  /** Path of the simulation's bundled thread. */
  readonly worker: string;
  readonly log: vscode.LogOutputChannel;
  readonly colourRules: ColourRulesSetting;
}

/** What the last `clock` event said. */
export type SimulationClock = Extract<SimulationEvent, { type: 'clock' }>;

export class DiagramPanel implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly closed = new vscode.EventEmitter<void>();
  /** The panel came to the front or went back, or its simulation was started or stopped. */
  readonly onDidChange = this.changed.event;
  readonly onDidDispose = this.closed.event;

  private readonly source: TopologySource;
  private readonly session: SimulationSession;
  private readonly requests: HostRequests;
  private readonly terminals = new DeviceTerminals(
    request => this.session.request(request),
    () => this.source.topology,
  );
  private readonly pictures = new PictureRequests(event => this.post(event));
  private readonly pins: PinStore;
  private readonly editing: TopologyEditing;
  private readonly subscriptions: vscode.Disposable[] = [];
  private readonly waitingForTopology: (() => void)[] = [];
  private lastClock: SimulationClock | undefined;
  private lastSeed: number | undefined;
  private lastListed: CaptureSelection | undefined;
  /** Whether a page listens: it is thrown away while the panel is hidden and says `ready` when it comes back. */
  private listening = false;
  private disposed = false;

  constructor(
    readonly uri: vscode.Uri,
    private readonly panel: vscode.WebviewPanel,
    private readonly services: PanelServices,
  ) {
    this.session = new SimulationSession(services.worker, event => this.simulationTold(event));
    this.pins = new PinStore(uri, services.log);
    this.editing = new TopologyEditing(uri, {
      pins: this.pins,
      topology: () => this.source.topology,
      tell: event => this.post(event),
      column: () => this.panel.viewColumn,
      reveal: () => this.reveal(false),
      refresh: () => this.source.open(),
    });
    this.requests = new HostRequests(request => this.session.request(request));
    this.source = new TopologySource(uri, services.documents, {
      topologyChanged: topology => this.topologyChanged(topology),
      problemChanged: problem => this.post({ type: 'stale', problem }),
    });
    const selection = new SelectionSync(uri, services.documents, device =>
      this.post({ type: 'select', device }),
    );
    this.subscriptions.push(
      this.changed,
      this.closed,
      this.source,
      selection,
      services.colourRules.onDidChange(() => this.tellColours()),
      panel.onDidDispose(() => this.dispose()),
      panel.onDidChangeViewState(() => {
        this.listening &&= panel.visible;
        this.changed.fire();
      }),
      panel.webview.onDidReceiveMessage((message: unknown) => {
        if (isPanelRequest(message)) {
          this.answer(message, selection);
        }
      }),
    );
    const name = nameOf(uri);
    panel.title = vscode.l10n.t('Diagram: {0}', name);
    panel.iconPath = {
      light: vscode.Uri.joinPath(services.places.media, 'icons', 'topology-light.svg'),
      dark: vscode.Uri.joinPath(services.places.media, 'icons', 'topology-dark.svg'),
    };
    panel.webview.options = {
      enableScripts: true,
      localResourceRoots: [services.places.dist, services.places.media],
    };
    void this.open(name);
  }

  get active(): boolean {
    return this.panel.active;
  }

  get topology(): ResolvedTopology | undefined {
    return this.source.topology;
  }

  /** What the simulation's clock said last; undefined before there is a simulation. */
  get clock(): SimulationClock | undefined {
    return this.lastClock;
  }

  /** The seed of the run on show; undefined before there is one. */
  get seed(): number | undefined {
    return this.lastSeed;
  }

  /** Brings the panel to the front where it is. */
  reveal(preserveFocus: boolean): void {
    this.panel.reveal(undefined, preserveFocus);
  }

  /** Asks the simulation; without one yet, nothing happens. */
  request(request: SimulationRequest): void {
    this.session.request(request);
  }

  /** Calls back once there is a simulation: now, or when the file could be read. */
  whenLoaded(action: () => void): void {
    if (this.source.topology === undefined) {
      this.waitingForTopology.push(action);
    } else {
      action();
    }
  }

  /** Pings in the simulation; rejects when there will be no outcome. */
  ping(from: string, to: string, count: number): Promise<StepOutcome> {
    return this.requests.ping(from, to, count);
  }

  /** What the packet list shows, of all that there is; undefined while that is all. */
  get listed(): CaptureSelection | undefined {
    return this.lastListed;
  }

  /** The trace as pcapng, or a part of it; rejects when it can't be had. */
  capture(selection?: CaptureSelection): Promise<Uint8Array> {
    return this.requests.capture(selection);
  }

  /** Opens a terminal on a device. */
  openTerminal(device: string): void {
    this.terminals.show(device);
  }

  /** The diagram as the panel shows it; rejects when it can't be had. */
  picture(format: PictureFormat): Promise<Uint8Array> {
    this.reveal(true);
    return this.pictures.ask(format);
  }

  dispose(): void {
    if (this.disposed) {
      return;
    }
    this.disposed = true;
    this.session.dispose();
    this.terminals.dispose();
    this.requests.cancel(vscode.l10n.t('The diagram was closed.'));
    this.pictures.cancel(vscode.l10n.t('The diagram was closed.'));
    this.panel.dispose();
    this.closed.fire();
    this.subscriptions.splice(0).forEach(subscription => void subscription.dispose());
  }

  /** The page comes first, so that it loads while the file is read; a file that can't be read replaces it. */
  private async open(name: string): Promise<void> {
    const { panel, services } = this;
    panel.webview.html = diagramPage(panel.webview, services.places, this.uri);
    if (!(await this.source.open()) && !this.disposed) {
      services.log.warn(`${this.uri.toString()} can't be read`);
      panel.webview.html = messagePage(
        panel.webview,
        vscode.l10n.t('{0} can’t be read. Open the file again to see its diagram.', name),
      );
    }
  }

  private topologyChanged(topology: ResolvedTopology): void {
    this.post({ type: 'topology', topology: topologyText(topology) });
    this.session.load(topology);
    this.waitingForTopology.splice(0).forEach(action => action());
  }

  private simulationTold(event: SimulationEvent): void {
    if (event.type === 'failed') {
      this.services.log.error(`${this.uri.toString()}: ${event.message}`);
    }
    if (!this.terminals.take(event) && !this.requests.take(event)) {
      this.post({ type: 'simulation', event });
    }
    if (event.type === 'reset') {
      this.lastSeed = event.seed;
    }
    if (event.type === 'clock') {
      const stateChanged = event.state !== this.lastClock?.state;
      this.lastClock = event;
      if (stateChanged) {
        this.changed.fire();
      }
    }
  }

  private answer(message: PanelRequest, selection: SelectionSync): void {
    switch (message.type) {
      case 'ready':
        void this.pins.read().then(pins => {
          this.listening = this.panel.visible;
          this.tellEverything(pins);
        });
        break;
      case 'simulation':
        this.session.request(message.request);
        this.lastListed = listedAfter(message.request, this.lastListed);
        break;
      case 'reveal':
        void selection.reveal(message.source, this.panel.viewColumn);
        break;
      case 'terminal':
        this.openTerminal(message.device);
        break;
      case 'command':
        void vscode.commands.executeCommand(message.command);
        break;
      case 'picture':
        this.pictures.take(message.request, message.picture);
        break;
      case 'pins':
        this.pins.write(message.pins);
        break;
      case 'show-problems':
        void vscode.commands.executeCommand('workbench.actions.view.problems');
        break;
      case 'edit':
        void this.editing.take(message.edit);
        break;
      case 'reload':
        // Only the page of a capture file asks for that.
        break;
    }
  }

  /** A fresh page knows nothing: the topology first, then what its simulation did so far. */
  private tellEverything(pins: Pins): void {
    // Before the picture, which would be drawn twice.
    this.post({ type: 'pins', pins });
    this.tellColours();
    const { topology, problem } = this.source;
    if (topology !== undefined) {
      this.post({ type: 'topology', topology: topologyText(topology) });
    }
    this.post({ type: 'stale', problem });
    this.session.tellAgain();
    this.pictures.askAgain();
  }

  private tellColours(): void {
    this.post({ type: 'colour-rules', rules: this.services.colourRules.rules });
  }

  private post(event: PanelEvent): void {
    if (this.listening && !this.disposed) {
      this.panel.webview.postMessage(event).then(undefined, (error: unknown) => {
        this.services.log.error(
          `${this.uri.toString()}: a message did not reach the panel: ${String(error)}`,
        );
      });
    }
  }
}

/** What the list shows after the panel has asked this. */
function listedAfter(
  request: SimulationRequest,
  before: CaptureSelection | undefined,
): CaptureSelection | undefined {
  if (request.type !== 'filter') {
    return before;
  }
  const isAll = request.text.trim() === '' && request.point.kind === 'everywhere';
  return isAll ? undefined : { filter: request.text, points: [request.point] };
}

/** Only the panel's own script posts here, so the tag is enough. */
function isPanelRequest(message: unknown): message is PanelRequest {
  const types: readonly unknown[] = [
    'ready',
    'simulation',
    'reveal',
    'pins',
    'picture',
    'command',
    'terminal',
    'edit',
    'show-problems',
  ] satisfies PanelRequest['type'][];
  return typeof message === 'object' && message !== null && 'type' in message && types.includes(message.type);
}
