/** Attached to a TAP device of the host: the VM's process holds the other end of it. */
import { reportUnknownInterface } from '../bridges';
import { findInterface, interfacesOf, interfaceLabel, type Draft } from '../draft';
import type { AdapterDraft } from '../interfaces';
import { plugPair } from '../plugging';

export function attachTap(draft: Draft, { on, source }: AdapterDraft, host: string): void {
  const { report } = draft;
  const place = [...on.path, 'to'];
  const taps = interfacesOf(draft, host).filter(({ link }) => link.kind === 'tap');
  const [only, another] = taps;
  if (source.to === undefined && (only === undefined || another !== undefined)) {
    const id = only === undefined ? 'without-choice/no-tap' : 'without-choice';
    report.add(id, { key: on.path }, [host, taps.map(({ name }) => name).join(', ')]);
    return;
  }
  const tap = source.to === undefined ? only : findInterface(draft, host, source.to);
  if (tap === undefined) {
    reportUnknownInterface(draft, host, source.to ?? '', place);
  } else if (tap.link.kind !== 'tap') {
    report.add('tap-to', place, [tap.name]);
  } else if (tap.pluggedAt !== undefined || tap.source.peer !== undefined) {
    const related = { id: 'interface-in-use/place', place: tap.pluggedAt ?? [...tap.path, 'peer'] } as const;
    report.add('interface-in-use', place, [interfaceLabel(tap)], { related });
  } else {
    plugPair(draft, on, tap, on.path);
  }
}
