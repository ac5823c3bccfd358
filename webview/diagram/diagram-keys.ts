/** What keys do in the diagram when it has the focus. */
import { isArrowKey, type ArrowKey } from './nearest';

export interface DiagramActions {
  readonly move: (key: ArrowKey) => void;
  readonly first: () => void;
  readonly last: () => void;
  /** Picks the node with the focus; false where there is none. */
  readonly pick: () => boolean;
  readonly leave: () => void;
  readonly zoom: (factor: number) => void;
  readonly fit: () => void;
  /** Collapses or expands the node with the focus; false where there is nothing to. */
  readonly toggle: () => boolean;
}

const ZOOM_STEP = 1.25;

/** Whether the key means something here. */
export function act(key: string, actions: DiagramActions): boolean {
  if (isArrowKey(key)) {
    actions.move(key);
    return true;
  }
  switch (key) {
    case 'Home':
      actions.first();
      return true;
    case 'End':
      actions.last();
      return true;
    case 'Enter':
      return actions.pick();
    case 'c':
    case 'C':
      return actions.toggle();
    case 'Escape':
      actions.leave();
      return true;
    case '+':
    case '=':
      actions.zoom(ZOOM_STEP);
      return true;
    case '-':
      actions.zoom(1 / ZOOM_STEP);
      return true;
    case '0':
      actions.fit();
      return true;
    default:
      return false;
  }
}
