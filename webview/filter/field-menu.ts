/** The menu of a line in the packet's details: filters made from it. */
import type { MenuItem } from '../controls/menu-item';
import { t, type PanelString } from '../strings';
import { COMBINATIONS, type Combination } from './filter-text';

const LABELS: Readonly<Record<Combination, PanelString>> = {
  selected: 'Apply as filter',
  not: 'Apply as filter: not this',
  and: 'Apply as filter: … and this',
  or: 'Apply as filter: … or this',
  'and-not': 'Apply as filter: … and not this',
  'or-not': 'Apply as filter: … or not this',
};

export function fieldMenu(apply: (how: Combination) => void): readonly MenuItem[] {
  return COMBINATIONS.map(how => ({
    label: t(LABELS[how]),
    act: () => apply(how),
    ...(how === 'and' ? { begins: true } : {}),
  }));
}
