/** Asks which packets go into a capture file. */
import * as vscode from 'vscode';
import type { CapturePoint, CaptureSelection } from '../../simulation/protocol';
import type { ResolvedTopology } from '../../topology/resolved';
import type { DiagramPanel } from '../panel/diagram-panel';

/** Everything where `selection` is left out. */
export interface ChosenPackets {
  readonly selection?: CaptureSelection;
}

interface Choice extends vscode.QuickPickItem {
  readonly choose: () => Promise<ChosenPackets | undefined>;
}

/** Undefined where the user gives up, or there is nothing yet. */
export async function askForPackets(panel: DiagramPanel, title: string): Promise<ChosenPackets | undefined> {
  if (panel.clock === undefined) {
    return undefined;
  }
  if (panel.clock.records === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('There are no packets yet: start the simulation first.'),
    );
    return undefined;
  }
  const { listed, topology } = panel;
  const choices: Choice[] = [
    {
      label: vscode.l10n.t('All packets'),
      description: vscode.l10n.t('at every interface'),
      choose: () => Promise.resolve({}),
    },
    ...(listed === undefined
      ? []
      : [
          {
            label: vscode.l10n.t('What the packet list shows'),
            description: listedText(listed),
            choose: () => Promise.resolve({ selection: listed }),
          },
        ]),
    {
      label: vscode.l10n.t('Interfaces…'),
      description: vscode.l10n.t('what some of them capture'),
      choose: () => askForInterfaces(topology, title),
    },
  ];
  const choice = await vscode.window.showQuickPick(choices, {
    title,
    placeHolder: vscode.l10n.t('Which packets?'),
  });
  return choice?.choose();
}

async function askForInterfaces(
  topology: ResolvedTopology | undefined,
  title: string,
): Promise<ChosenPackets | undefined> {
  const items = (topology?.devices ?? []).flatMap(({ id, ports }) =>
    ports.map(({ name }) => ({
      label: `${id}:${name}`,
      point: { kind: 'interface', device: id, port: name } satisfies CapturePoint,
    })),
  );
  const picked = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: vscode.l10n.t('The interfaces'),
    canPickMany: true,
  });
  return picked === undefined || picked.length === 0
    ? undefined
    : { selection: { filter: '', points: picked.map(({ point }) => point) } };
}

/** `tcp.port == 80 · at laptop:eth0` */
function listedText({ filter, points }: CaptureSelection): string {
  const places = points.map(pointText).filter(text => text !== '');
  return [...(filter.trim() === '' ? [] : [filter]), ...places].join(' · ');
}

function pointText(point: CapturePoint): string {
  switch (point.kind) {
    case 'everywhere':
      return '';
    case 'once':
      return vscode.l10n.t('each packet once');
    case 'device':
      return vscode.l10n.t('at {0}', point.device);
    case 'interface':
      return vscode.l10n.t('at {0}', `${point.device}:${point.port}`);
  }
}
