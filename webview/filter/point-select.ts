/** The choice of where one listens: everywhere, each packet once, at one device or at one of its interfaces. */
import { html, render } from 'lit';
import type { CapturePoint } from '../../src/simulation/protocol';
import type { CapturedInterface } from '../../src/simulation/panel-protocol';
import { t } from '../strings';

/** A device to listen at, as far as the choice needs to know it. */
export interface ListenedDevice {
  readonly id: string;
  readonly ports: readonly { readonly name: string }[];
}

export interface PointSelect {
  readonly element: HTMLElement;
  setDevices(devices: readonly ListenedDevice[]): void;
  /** The interfaces of a capture file: each packet is in it where it was captured, and with one interface there is no choice. */
  setInterfaces(interfaces: readonly CapturedInterface[]): void;
  show(point: CapturePoint): void;
}

/** More than anybody chooses from in a list; a filter names any. */
const MOST_INTERFACES = 1000;

/** Longest time in which the options may be those of before an edit, in ms. */
const MOST_IDLE = 1000;

export function makePointSelect(first: CapturePoint, chosen: (point: CapturePoint) => void): PointSelect {
  const element = document.createElement('label');
  element.className = 'filter-point';
  let point = first;
  let devices: readonly ListenedDevice[] = [];
  let hasHops = true;
  const draw = (): void => {
    const known = devices.filter(({ ports }) => ports.length > 0);
    const option = (each: CapturePoint, label: string) =>
      html`<option value=${keyOf(each)} .selected=${keyOf(each) === keyOf(point)}>${label}</option>`;
    const isThere =
      point.kind === 'everywhere' || point.kind === 'once' || known.some(({ id }) => isAt(point, id));
    render(
      html`<span class="filter-point-label">${t('Capture')}</span>
        <select
          class="point-select"
          aria-label=${t('Where to capture')}
          @change=${(event: Event) => {
            point = pointOf(event.target instanceof HTMLSelectElement ? event.target.value : '');
            chosen(point);
          }}
        >
          ${option({ kind: 'everywhere' }, t('everywhere'))}${hasHops ? option({ kind: 'once' }, t('each packet once')) : ''}
          ${isThere ? '' : option(point, labelOf(point))}
          ${known.map(
            ({ id, ports }) =>
              html`<optgroup label=${id}>
                ${hasHops || ports.length > 1 ? option({ kind: 'device', device: id }, t('{0}: all interfaces', id)) : ''}
                ${ports.map(({ name }) =>
                  option({ kind: 'interface', device: id, port: name }, name === '' ? id : `${id}:${name}`),
                )}
              </optgroup>`,
          )}
        </select>`,
      element,
    );
    // The option of the choice may be a new element.
    const select = element.querySelector('select');
    if (select !== null) {
      select.value = keyOf(point);
    }
  };
  draw();
  let waiting: number | undefined;
  const drawNow = (): void => {
    if (waiting !== undefined) {
      cancelIdleCallback(waiting);
      waiting = undefined;
      draw();
    }
  };
  element.addEventListener('pointerdown', drawNow, true);
  element.addEventListener('focusin', drawNow);
  return {
    element,
    // After each edit of the file, and hundreds of options: they can wait until there is time, or until the user comes for them.
    setDevices: all => {
      devices = all;
      waiting ??= requestIdleCallback(drawNow, { timeout: MOST_IDLE });
    },
    setInterfaces: interfaces => {
      const ports = new Map<string, { readonly name: string }[]>();
      for (const { device, port } of interfaces.slice(0, MOST_INTERFACES)) {
        ports.set(device, [...(ports.get(device) ?? []), { name: port }]);
      }
      devices = [...ports].map(([id, all]) => ({ id, ports: all }));
      hasHops = false;
      element.hidden = interfaces.length < 2;
      draw();
    },
    show: each => {
      point = each;
      draw();
    },
  };
}

function isAt(point: CapturePoint, device: string): boolean {
  return (point.kind === 'device' || point.kind === 'interface') && point.device === device;
}

function labelOf(point: CapturePoint): string {
  switch (point.kind) {
    case 'everywhere':
      return t('everywhere');
    case 'once':
      return t('each packet once');
    case 'device':
      return point.device;
    case 'interface':
      return `${point.device}:${point.port}`;
  }
}

/** Names of devices and ports have no control characters. */
const SEPARATOR = '\u001f';

function keyOf(point: CapturePoint): string {
  switch (point.kind) {
    case 'everywhere':
    case 'once':
      return point.kind;
    case 'device':
      return ['device', point.device].join(SEPARATOR);
    case 'interface':
      return ['interface', point.device, point.port].join(SEPARATOR);
  }
}

function pointOf(key: string): CapturePoint {
  const [kind, device = '', port = ''] = key.split(SEPARATOR);
  switch (kind) {
    case 'device':
      return { kind, device };
    case 'interface':
      return { kind, device, port };
    case 'once':
      return { kind };
    default:
      return { kind: 'everywhere' };
  }
}
