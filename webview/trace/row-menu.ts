/** The menu of a row in the packet list. */
import type { CapturePoint } from '../../src/simulation/protocol';
import type { MenuItem } from '../controls/menu-item';
import { t } from '../strings';

export interface CommentActions {
  readonly edit: () => void;
  /** Undefined where there is none. */
  readonly remove: (() => void) | undefined;
  readonly next: (() => void) | undefined;
}

export interface RowActions {
  readonly filterConversation: () => void;
  readonly colourConversation: () => void;
  /** To take colours back. */
  readonly moreColours: readonly MenuItem[];
  readonly followStream: () => void;
  readonly toggleMark: () => void;
  readonly nextMark: (() => void) | undefined;
  /** Undefined where nobody may write about packets. */
  readonly comment: CommentActions | undefined;
  readonly listenAt: (point: CapturePoint) => void;
}

/** @param ends the interfaces at both ends of the hop, each as `device:port`; '' where there is none */
export function rowMenu(
  ends: readonly string[],
  carriesStream: boolean,
  marked: boolean,
  actions: RowActions,
): readonly MenuItem[] {
  const points = ends.filter(end => end !== '');
  return [
    { label: t('Filter this conversation'), act: actions.filterConversation },
    ...(carriesStream ? [{ label: t('Follow the stream'), act: actions.followStream }] : []),
    { label: t('Colour this conversation…'), act: actions.colourConversation },
    ...actions.moreColours,
    { label: marked ? t('Take the mark away (M)') : t('Mark (M)'), act: actions.toggleMark, begins: true },
    ...(actions.nextMark === undefined ? [] : [{ label: t('Go to the next mark'), act: actions.nextMark }]),
    ...(actions.comment === undefined ? [] : commentItems(actions.comment)),
    ...points.map((end, index) => ({
      label: t('Capture only at {0}', end),
      act: () => actions.listenAt(pointAt(end)),
      ...(index === 0 ? { begins: true } : {}),
    })),
  ];
}

function commentItems({ edit, remove, next }: CommentActions): readonly MenuItem[] {
  return [
    { label: remove === undefined ? t('Comment… (C)') : t('Edit the comment… (C)'), act: edit, begins: true },
    ...(remove === undefined ? [] : [{ label: t('Remove the comment'), act: remove }]),
    ...(next === undefined ? [] : [{ label: t('Go to the next comment'), act: next }]),
  ];
}

/** A port's name may hold a colon; a device's does not. */
function pointAt(end: string): CapturePoint {
  const colon = end.indexOf(':');
  return { kind: 'interface', device: end.slice(0, colon), port: end.slice(colon + 1) };
}
