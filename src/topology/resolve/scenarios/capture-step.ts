/** Steps that count frames at a point. */
import type { CaptureSource } from '../../file-source';
import type { ResolvedCaptureStep, ResolvedDevice, ResolvedStep, TopologyPath } from '../../resolved';
import { nearest } from '../../suggestion';
import { findInterface, type Draft } from '../draft';

export function resolveCapture(
  draft: Draft,
  devices: readonly ResolvedDevice[],
  step: CaptureSource,
  path: TopologyPath,
): ResolvedStep | undefined {
  const place = [...path, 'at'];
  const colon = step.at.lastIndexOf(':');
  const device = step.at.slice(0, colon);
  const name = step.at.slice(colon + 1);
  const found = devices.find(({ id }) => id === device);
  if (found === undefined) {
    const ids = devices.map(({ id }) => id);
    const suggestion = draft.report.full ? undefined : nearest(device, ids);
    if (suggestion === undefined) {
      draft.report.add('unknown-node', place, [device]);
    } else {
      const options = { replacement: `${suggestion}:${name}` };
      draft.report.add('unknown-node/suggestion', place, [device, suggestion], options);
    }
    return undefined;
  }
  const port = findInterface(draft, device, name)?.name ?? name;
  if (!found.ports.some(one => one.name === port)) {
    reportNoPort(draft, found, port, place);
    return undefined;
  }
  const { filter } = step;
  return {
    kind: 'capture',
    device,
    port,
    ...(filter !== undefined && { filter }),
    count: readCount(step.count),
    source: path,
  };
}

function reportNoPort(draft: Draft, device: ResolvedDevice, port: string, place: TopologyPath): void {
  if ('interfaces' in device && device.interfaces.some(({ name }) => name === port)) {
    draft.report.add('no-port', place, [`${device.id}:${port}`]);
    return;
  }
  const ports = device.ports.map(({ name }) => name);
  const suggestion = draft.report.full ? undefined : nearest(port, ports);
  if (suggestion === undefined) {
    draft.report.add('unknown-interface', place, [device.id, port]);
  } else {
    const options = { replacement: `${device.id}:${suggestion}` };
    draft.report.add('unknown-interface/suggestion', place, [device.id, port, suggestion], options);
  }
}

/** At least one, where nothing is written. */
function readCount(written: number | string | undefined): ResolvedCaptureStep['count'] {
  if (written === undefined) {
    return { comparison: 'at-least', value: 1 };
  }
  const [, sign = '', digits = '0'] = /^(>=|<=|=)?\s?(\d+)$/.exec(String(written)) ?? [];
  const comparison = sign === '>=' ? 'at-least' : sign === '<=' ? 'at-most' : 'exactly';
  return { comparison, value: Number(digits) };
}
