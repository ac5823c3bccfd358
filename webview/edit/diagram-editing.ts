/** Changes of the network on the picture: the palette, the cable tool, menus and keys, and what comes of them. */
import type { AddableKind, EditMade, PanelEdit } from '../../src/simulation/panel-protocol';
import type { ResolvedDevice, ResolvedTopology } from '../../src/topology/resolved';
import { showMenu } from '../controls/context-menu';
import type { MenuPlace } from '../controls/menu-item';
import { nodeAt } from '../diagram/diagram-elements';
import type { Point } from '../diagram/geometry';
import { t } from '../strings';
import { CableDrawing } from './cable-drawing';
import { cableNear, inDrawing, onPicture, type EditedView } from './edited-view';
import { cableMenu, cableName, deviceMenu, groundMenu, type MenuActions } from './edit-menu';
import { EditNote } from './edit-note';
import { EditPalette } from './edit-palette';

export interface DiagramEditingOptions {
  readonly view: EditedView;
  /** Where the palette stands: right above the picture. */
  readonly above: HTMLElement;
  readonly edit: (edit: PanelEdit) => void;
  readonly openTerminal: (device: string) => void;
  readonly pullNow: (cable: string, up: boolean) => void;
  readonly announce: (text: string) => void;
  /** The palette was opened or closed. */
  readonly toggled: (open: boolean) => void;
}

export class DiagramEditing {
  readonly #options: DiagramEditingOptions;
  readonly #note: EditNote;
  readonly #palette: EditPalette;
  readonly #cable: CableDrawing;
  #topology: ResolvedTopology | undefined;
  /** The node that gets the keyboard's focus back: undoing takes it away, and so does the editor's input box. */
  #worked: string | undefined;
  /** The device to show when the picture has it. */
  #coming: { readonly device: string; readonly dropped?: Point } | undefined;
  /** Where the next new device was dropped. */
  #dropped: Point | undefined;

  constructor(options: DiagramEditingOptions) {
    this.#options = options;
    const { view, above } = options;
    this.#note = new EditNote(view.element);
    this.#cable = new CableDrawing({
      view,
      note: this.#note,
      connect: (from, to) => this.#connect(from, to),
      ended: () => this.#palette.setCabling(false),
    });
    this.#palette = new EditPalette(above, {
      add: kind => this.#add(kind),
      drop: (kind, event) => this.#drop(kind, event),
      toggleCable: () => this.#toggleCable(),
      undo: () => options.edit({ type: 'undo' }),
      redo: () => options.edit({ type: 'redo' }),
    });
    view.element.addEventListener('contextmenu', event => this.#menuAt(event));
    view.element.addEventListener('keydown', event => this.#key(event), true);
  }

  setTopology(topology: ResolvedTopology): void {
    this.#topology = topology;
    this.#show();
  }

  get isOpen(): boolean {
    return this.#palette.isOpen;
  }

  setOpen(open: boolean): void {
    this.#palette.setOpen(open);
    if (!open) {
      this.#cable.stop();
    }
    this.#options.toggled(open);
  }

  /** Opens the palette and puts the focus in it, or closes it. */
  toggle(): void {
    this.setOpen(!this.isOpen);
    if (this.isOpen) {
      this.#palette.focus();
    }
  }

  /** What came of an edit. */
  made({ refused, device, before }: EditMade): void {
    const { view, announce } = this.#options;
    const dropped = this.#dropped;
    this.#dropped = undefined;
    if (refused !== undefined) {
      this.#note.refuse(refused);
      return;
    }
    if (!this.#cable.active) {
      this.#note.clear();
    }
    if (device === undefined) {
      announce(t('The file is changed'));
    } else {
      announce(
        before === undefined ? t('{0} is changed', device) : t('{0} is called {1} now', before, device),
      );
      this.#coming = { device, ...(dropped !== undefined && { dropped }) };
      this.#show();
    }
    const back = device ?? this.#worked;
    if (back !== undefined && (document.activeElement ?? document.body) === document.body) {
      view.focusOn(back);
    }
  }

  /** Shows what an edit made, as soon as the picture knows it. */
  #show(): void {
    const { view } = this.#options;
    const { device, dropped } = this.#coming ?? {};
    if (device !== undefined && this.#topology?.devices.some(({ id }) => id === device) === true) {
      this.#coming = undefined;
      if (dropped !== undefined) {
        view.putAt(device, dropped);
      }
      view.select(device);
    }
  }

  #add(kind: AddableKind, at?: Point): void {
    this.#dropped = at;
    const selected = this.#deviceOf(this.#options.view.selectedNode);
    this.#options.edit({ type: 'add', kind, ...runningOn(kind, selected) });
  }

  /** On a host, a guest is put in it; elsewhere the new device stands where it was let go. */
  #drop(kind: AddableKind, event: PointerEvent): void {
    const { view, edit } = this.#options;
    const target = document.elementFromPoint(event.clientX, event.clientY);
    if (target === null || !view.element.contains(target)) {
      return;
    }
    const host = this.#deviceOf(nodeAt(target));
    const on = runningOn(kind, host);
    this.#dropped = 'on' in on ? undefined : inDrawing(view, event);
    edit({ type: 'add', kind, ...on });
  }

  #connect(from: string, to: string): void {
    const [one, two] = [this.#deviceOf(from), this.#deviceOf(to)];
    if (one !== undefined && two !== undefined) {
      this.#options.edit({ type: 'connect', from: one.id, to: two.id });
    }
  }

  #toggleCable(): void {
    if (this.#cable.active) {
      this.#cable.stop();
    } else {
      this.#cable.begin();
      this.#palette.setCabling(true);
    }
  }

  #drawCable(from: string): void {
    this.#cable.begin(from);
    this.#palette.setCabling(true);
    this.#options.view.focusOn(from);
  }

  /** A bridge of the Linux kernel is drawn as a node of its own, but belongs to its machine. */
  #deviceOf(node: string | undefined): ResolvedDevice | undefined {
    const devices = this.#topology?.devices ?? [];
    const find = (id: string | undefined): ResolvedDevice | undefined => devices.find(one => one.id === id);
    return find(node) ?? find(node?.replace(/\/[^/]*$/, ''));
  }

  #key(event: KeyboardEvent): void {
    const { view, edit } = this.#options;
    if ((event.ctrlKey || event.metaKey) && !event.altKey) {
      const undone = { z: event.shiftKey ? 'redo' : 'undo', y: 'redo' }[event.key.toLowerCase()];
      if (undone === 'undo' || undone === 'redo') {
        event.preventDefault();
        event.stopPropagation();
        this.#worked = view.focused;
        edit({ type: undone });
      }
      return;
    }
    const device = this.#deviceOf(view.focused);
    this.#worked = view.focused;
    if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      event.preventDefault();
      event.stopPropagation();
      this.#menuOfFocused();
    } else if (device !== undefined && this.#deviceKey(event.key, device.id)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  #deviceKey(key: string, device: string): boolean {
    switch (key) {
      case 'F2':
        this.#options.edit({ type: 'rename', device });
        return true;
      case 'Delete':
        this.#options.edit({ type: 'delete', device });
        return true;
      case 'l':
      case 'L':
        this.#drawCable(this.#options.view.focused ?? device);
        return true;
      default:
        return false;
    }
  }

  #menuOfFocused(): void {
    const { view } = this.#options;
    const drawn = view.drawing?.nodes.find(({ id }) => id === view.focused);
    const frame = view.element.getBoundingClientRect();
    const at = drawn && onPicture(view, { x: drawn.content.x, y: drawn.content.y + drawn.content.height });
    this.#menu(view.focused, undefined, {
      x: frame.left + (at?.x ?? frame.width / 2),
      y: frame.top + (at?.y ?? frame.height / 2),
    });
  }

  #menuAt(event: MouseEvent): void {
    event.preventDefault();
    const node = nodeAt(event.target);
    const onContainer = this.#options.view.drawing?.nodes.find(({ id }) => id === node)?.container === true;
    const cable = node === undefined || onContainer ? cableNear(this.#options.view, event) : undefined;
    this.#menu(node, cable, { x: event.clientX, y: event.clientY });
  }

  #menu(node: string | undefined, cableId: string | undefined, place: MenuPlace): void {
    const topology = this.#topology;
    const actions: MenuActions = {
      edit: this.#options.edit,
      drawCable: from => this.#drawCable(from),
      openTerminal: this.#options.openTerminal,
      pullNow: this.#options.pullNow,
      open: (label, items) => showMenu(label, items, place),
    };
    const cable = topology?.cables.find(({ id }) => id === cableId);
    const device = this.#deviceOf(node);
    if (cable !== undefined && topology !== undefined) {
      showMenu(t('Cable {0}', cableName(cable)), cableMenu(cable, topology, actions), place);
    } else if (device !== undefined && topology !== undefined) {
      showMenu(device.label, deviceMenu(device, topology, actions), place);
    } else {
      const at = inDrawing(this.#options.view, { clientX: place.x, clientY: place.y });
      const palette = { open: this.isOpen, toggle: () => this.toggle() };
      showMenu(
        t('Edit the network'),
        groundMenu(kind => this.#add(kind, at), palette),
        place,
      );
    }
  }
}

/** A guest is added in the machine that is chosen, or in the one that the chosen guest runs in. */
function runningOn(kind: AddableKind, chosen: ResolvedDevice | undefined): { readonly on?: string } {
  if (chosen === undefined || (kind !== 'vm' && kind !== 'container')) {
    return {};
  }
  const canRun =
    chosen.kind === 'host' || (kind === 'container' && (chosen.kind === 'router' || chosen.kind === 'vm'));
  const on = canRun ? chosen.id : chosen.inside;
  return on === undefined ? {} : { on };
}
