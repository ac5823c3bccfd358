/** The one line to the editor: typed messages both ways, and what the page keeps over a reload. */
import type { CapturePoint, PacketComment, SimulationRequest } from '../src/simulation/protocol';
import { isView, type View } from './diagram/views/view';
import { keptComments } from './trace/comments';
import type { KeptLook } from './trace/list-look';
import { keptColours, type KeptColours } from './trace/row-colours';
import type { PanelEvent, PanelRequest, PanelState } from '../src/simulation/panel-protocol';

/** VS Code's own object; a page may ask for it once. */
interface VsCodeApi {
  postMessage(message: PanelRequest): void;
  getState(): unknown;
  setState(state: ViewState): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** What the panel keeps of its look. */
export interface ViewState extends PanelState {
  /** Shares of room by pane. */
  readonly shares: Readonly<Record<string, number>>;
  /** Widths in px of columns the user changed, by name. */
  readonly columns: Readonly<Record<string, number>>;
  /** How the network is shown. */
  readonly view: View;
  readonly minimap: boolean;
  /** The display filter of the packet list, the filters used last, and where one listens. */
  readonly filter: string;
  readonly recentFilters: readonly string[];
  readonly point: CapturePoint;
  /** Whether the tables of a device stand beside the picture. */
  readonly tables: boolean;
  readonly sideTab: 'tables' | 'statistics';
  /** Columns and times of the packet list. */
  readonly listLook: KeptLook;
  readonly colours: KeptColours;
  /** What the user wrote about packets, for the simulation after a reload of the window. */
  readonly comments: readonly PacketComment[];
  /** Whether the picture keeps the selected packet in view. */
  readonly follow: boolean;
  /** Whether the palette to edit with is open. */
  readonly palette: boolean;
}

const DEFAULT_LOOK: KeptLook = { timeFormat: 'start', columnsShown: {} };

export class Host {
  readonly #api = acquireVsCodeApi();
  #state: ViewState;

  /** @param first the look of the packet list before the user chooses one */
  constructor(uri: string, first: KeptLook = DEFAULT_LOOK) {
    const kept = this.#api.getState();
    const view = valueOf(kept, 'view');
    this.#state = {
      uri,
      shares: numbersOf(kept, 'shares'),
      columns: numbersOf(kept, 'columns'),
      view: isView(view) ? view : 'cabling',
      minimap: valueOf(kept, 'minimap') === true,
      tables: valueOf(kept, 'tables') === true,
      listLook: keptLook(valueOf(kept, 'listLook') ?? first),
      colours: keptColours(valueOf(kept, 'colours')),
      comments: keptComments(valueOf(kept, 'comments')),
      sideTab: valueOf(kept, 'sideTab') === 'statistics' ? 'statistics' : 'tables',
      follow: valueOf(kept, 'follow') !== false,
      palette: valueOf(kept, 'palette') === true,
      ...keptFilter(kept),
    };
    this.#api.setState(this.#state);
  }

  get state(): ViewState {
    return this.#state;
  }

  /** Keeps a changed part of the look. */
  keep(change: Partial<Omit<ViewState, 'uri'>>): void {
    this.#state = { ...this.#state, ...change };
    this.#api.setState(this.#state);
  }

  /** Calls back for each message from the editor. */
  listen(handle: (event: PanelEvent) => void): void {
    window.addEventListener('message', (message: MessageEvent<unknown>) => {
      if (isPanelEvent(message.data)) {
        handle(message.data);
      }
    });
  }

  post(request: PanelRequest): void {
    this.#api.postMessage(request);
  }

  /** Asks something of the simulation. */
  simulate(request: SimulationRequest): void {
    this.post({ type: 'simulation', request });
  }
}

/** Only the editor can post into a webview, so the tag is enough to tell its messages from those of tools in the page. */
function isPanelEvent(data: unknown): data is PanelEvent {
  const types: readonly unknown[] = [
    'simulation',
    'topology',
    'stale',
    'pins',
    'colour-rules',
    'picture',
    'select',
    'edited',
    'capture-file',
    'capture-stale',
  ] satisfies PanelEvent['type'][];
  return typeof data === 'object' && data !== null && 'type' in data && types.includes(data.type);
}

function keptFilter(kept: unknown): Pick<ViewState, 'filter' | 'recentFilters' | 'point'> {
  const filter = valueOf(kept, 'filter');
  const recent = valueOf(kept, 'recentFilters');
  return {
    filter: typeof filter === 'string' ? filter : '',
    recentFilters: Array.isArray(recent) ? recent.filter(each => typeof each === 'string') : [],
    point: pointOf(valueOf(kept, 'point')),
  };
}

/** Everywhere, for what is no such point. */
function pointOf(value: unknown): CapturePoint {
  if (typeof value === 'object' && value !== null && 'kind' in value) {
    const device = 'device' in value && typeof value.device === 'string' ? value.device : '';
    const port = 'port' in value && typeof value.port === 'string' ? value.port : '';
    switch (value.kind) {
      case 'once':
        return { kind: 'once' };
      case 'device':
        return { kind: 'device', device };
      case 'interface':
        return { kind: 'interface', device, port };
      default:
        break;
    }
  }
  return { kind: 'everywhere' };
}

function valueOf(state: unknown, name: keyof ViewState): unknown {
  return typeof state === 'object' && state !== null ? (state as Record<string, unknown>)[name] : undefined;
}

function numbersOf(state: unknown, name: 'shares' | 'columns'): Readonly<Record<string, number>> {
  const values = valueOf(state, name);
  return Object.fromEntries(
    Object.entries(values ?? {}).filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number' && Number.isFinite(entry[1]),
    ),
  );
}

/** Whatever was kept, as a look of the list. */
function keptLook(value: unknown): KeptLook {
  const kept = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const { timeFormat, columnsShown } = kept;
  const shown = typeof columnsShown === 'object' && columnsShown !== null ? Object.entries(columnsShown) : [];
  return {
    timeFormat: timeFormat === 'day' || timeFormat === 'previous' ? timeFormat : 'start',
    columnsShown: Object.fromEntries(
      shown.filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean'),
    ),
  };
}
