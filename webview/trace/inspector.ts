/** The selected packet: facts and fields on one side, bytes on the other; side by side, or as two tabs where there is little room. */
import { html, nothing, render } from 'lit';
import type { FollowedStream, Journey, PacketDetails, PacketField } from '../../src/simulation/protocol';
import { showMenu } from '../controls/context-menu';
import type { MenuPlace } from '../controls/menu-item';
import { ICONS } from '../controls/icons';
import { find } from '../elements';
import { fieldMenu } from '../filter/field-menu';
import { filterOfField, type Combination } from '../filter/filter-text';
import { JourneyView } from '../journey/journey-view';
import { t } from '../strings';
import { BytesView } from './bytes-view';
import { displayNumber } from './columns';
import { DetailsTree } from './details-tree';
import { fieldAt, pathOfByte } from './field-tree';
import { packetFacts, type PacketActions } from './packet-facts';
import { StreamView } from './stream-view';
import type { TraceKind } from './trace-kind';

export interface InspectorOptions extends PacketActions {
  /** The user wants a filter made from a field of the packet shown. */
  readonly filter: (expression: string, how: Combination) => void;
  /** Follows the stream of a record. */
  readonly follow: (number: number) => void;
  readonly close: () => void;
}

type Tab = 'details' | 'bytes' | 'journey' | 'stream';

const TABS: readonly Tab[] = ['details', 'bytes', 'journey', 'stream'];

export class Inspector {
  readonly #kind: TraceKind;
  readonly #options: InspectorOptions;
  readonly #head: HTMLElement;
  readonly #facts: HTMLElement;
  readonly #panes: HTMLElement;
  readonly #tree: DetailsTree;
  readonly #bytes: BytesView;
  readonly #journey: JourneyView;
  readonly #stream: StreamView;
  #packet: PacketDetails | undefined;
  /** The record whose stream is on show. */
  #followed: number | undefined;
  #title = '';
  #tab: Tab = 'details';

  /** `root` holds the elements that shell.ts made. */
  constructor(root: HTMLElement, kind: TraceKind, options: InspectorOptions) {
    this.#kind = kind;
    this.#options = options;
    this.#head = find(root, '.inspector-head');
    this.#facts = find(root, '.facts-place');
    this.#panes = find(root, '.inspector-panes');
    this.#tree = new DetailsTree(find(root, '.details-tree'), {
      selected: path => this.#fieldSelected(path),
      menu: (field, at) => this.#fieldMenu(field, at),
    });
    this.#bytes = new BytesView(find(root, '.bytes-dump'), find(root, '.bytes-status'), {
      selected: byte => this.#byteSelected(byte),
      fieldOf: byte => {
        const path = this.#packet && pathOfByte(this.#packet.layers, byte);
        return path === undefined ? undefined : this.#field(path);
      },
    });
    this.#journey = new JourneyView(find(root, '.journey-pane'), options);
    this.#stream = new StreamView(find(root, '.stream-pane'), {
      showPacket: options.showPacket,
      follow: () => {
        if (this.#packet !== undefined) {
          options.follow(this.#packet.row.number);
        }
      },
    });
    this.#drawHead();
  }

  /** Shows the journey of the packet, and marks the bytes that the device before this hop changed. */
  showJourney(journey: Journey | undefined): void {
    this.#journey.show(journey);
    this.#bytes.markChanged(journey?.hops[journey.selected]?.changes ?? []);
  }

  /** A stream is on its way: it is what the user looks at now. */
  expectStream(number: number): void {
    this.#followed = number;
    this.#offerStream();
    this.#stream.expect();
    this.#choose('stream');
  }

  showStream(stream: FollowedStream | undefined): void {
    this.#stream.show(stream);
  }

  /** Another run: what was followed is gone. */
  forgetStream(): void {
    this.#followed = undefined;
    this.#stream.clear();
  }

  /** A packet whose stream is not on show already can be followed. */
  #offerStream(): void {
    const packet = this.#packet;
    this.#stream.setMayFollow(
      packet !== undefined && packet.row.number !== this.#followed && hasStream(packet.layers),
    );
  }

  /** Waits for a packet; the one before stays to be read until it comes. */
  expect(number: number): void {
    this.#title = t('Fetching packet {0}…', displayNumber(number));
    if (this.#packet === undefined) {
      this.#drawHead();
    }
  }

  /** Shows a packet; undefined says that it is no longer kept. */
  show(number: number, packet: PacketDetails | undefined): void {
    this.#packet = packet;
    this.#title = packet === undefined ? t('Packet {0} is no longer kept.', displayNumber(number)) : '';
    render(packet === undefined ? nothing : packetFacts(packet, this.#options), this.#facts);
    this.#tree.show(packet?.layers ?? []);
    this.#bytes.show(packet?.bytes ?? new Uint8Array());
    this.#offerStream();
    this.#drawHead();
  }

  #fieldMenu(field: PacketField, at: MenuPlace): void {
    const expression = filterOfField(field, this.#packet?.bytes ?? new Uint8Array());
    if (expression !== undefined) {
      const items = fieldMenu(how => this.#options.filter(expression, how));
      showMenu(expression, items, at);
    }
  }

  #field(path: string): { start: number; length: number; text: string } | undefined {
    const field = this.#packet && fieldAt(this.#packet.layers, path);
    return field && { start: field.start, length: field.length, text: field.text };
  }

  #fieldSelected(path: string | undefined): void {
    const field = path === undefined ? undefined : this.#field(path);
    this.#bytes.select(field, field?.text ?? '');
  }

  #byteSelected(byte: number): void {
    const path = this.#packet && pathOfByte(this.#packet.layers, byte);
    this.#tree.select(path);
    this.#fieldSelected(path);
  }

  #choose(tab: Tab): void {
    this.#tab = tab;
    this.#drawHead();
  }

  #drawHead(): void {
    this.#panes.dataset.tab = this.#tab;
    const tab = (name: Tab, label: string) =>
      html`<button
        type="button"
        role="tab"
        class="tab"
        id="tab-${name}"
        aria-selected=${this.#tab === name}
        aria-controls="pane-${name}"
        tabindex=${this.#tab === name ? 0 : -1}
        @click=${() => this.#choose(name)}
        @keydown=${(event: KeyboardEvent) => this.#tabKey(event)}
      >
        ${label}
      </button>`;
    render(
      html`<h2 class="pane-title">${t('Packet details')}</h2>
        <div class="tabs" role="tablist" aria-label=${t('Packet details')}>
          ${tab('details', t('Details'))}${tab('bytes', t('Bytes'))}${this.#kind === 'capture' ? nothing : tab('journey', t('Journey'))}${tab('stream', t('Stream'))}
        </div>
        <span class="inspector-note">${this.#title}</span>
        <vscode-button
          appearance="icon"
          aria-label=${t('Close the details (Escape)')}
          title=${t('Close the details (Escape)')}
          @click=${() => this.#options.close()}
          >${ICONS.close}</vscode-button
        >`,
      this.#head,
    );
  }

  #tabKey(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      // Where there is room, details and bytes are one tab.
      const shown = TABS.filter(
        name => this.#head.querySelector<HTMLElement>(`#tab-${name}`)?.offsetParent !== null,
      );
      const place = (shown.indexOf(this.#tab) + step + shown.length) % shown.length;
      this.#choose(shown[place] ?? 'details');
      this.#head.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus();
    }
  }
}

/** Whether there is a TCP or UDP header of the packet itself, not of one that it quotes. */
function hasStream(layers: readonly PacketField[]): boolean {
  return layers.some(({ name }) => name === 'tcp' || name === 'udp');
}
