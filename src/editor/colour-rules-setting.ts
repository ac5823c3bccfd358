/** The setting `vnet.packets.colourRules`: the user's rules for colouring packets, and what is wrong with them. */
import * as vscode from 'vscode';
import { readColourRules, type ColourRule, type WrongRule } from '../trace/colouring/colour-rule';

const SETTING = 'vnet.packets.colourRules';

/** Wrong rules told at once at most. */
const MOST_TOLD = 3;

export class ColourRulesSetting implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly subscription: vscode.Disposable;
  private current: readonly ColourRule[] | undefined;

  constructor() {
    this.subscription = vscode.Disposable.from(
      this.changed,
      vscode.workspace.onDidChangeConfiguration(event => {
        if (event.affectsConfiguration(SETTING) && this.current !== undefined) {
          this.current = this.read();
          this.changed.fire();
        }
      }),
      vscode.commands.registerCommand('vnet.editColourRules', () =>
        vscode.commands.executeCommand('workbench.action.openSettings', `@id:${SETTING}`),
      ),
    );
  }

  /** The rules that can be used. Of those that can't, the user hears when somebody first asks, and after every change. */
  get rules(): readonly ColourRule[] {
    this.current ??= this.read();
    return this.current;
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private read(): readonly ColourRule[] {
    const { rules, wrong } = readColourRules(vscode.workspace.getConfiguration().get(SETTING));
    wrong.slice(0, MOST_TOLD).forEach(tell);
    return rules;
  }
}

function tell(rule: WrongRule): void {
  const open = vscode.l10n.t('Open Settings');
  const message = vscode.l10n.t(
    'Colour rule {0} “{1}” is not used. {2}',
    rule.index + 1,
    rule.name,
    reasonOf(rule),
  );
  void vscode.window.showWarningMessage(message, open).then(choice => {
    if (choice === open) {
      void vscode.commands.executeCommand('vnet.editColourRules');
    }
  });
}

function reasonOf({ problem }: WrongRule): string {
  switch (problem.kind) {
    case 'form':
      return vscode.l10n.t('A rule has a name, a filter and a colour.');
    case 'filter': {
      const { sentence, values, at } = problem.problem;
      const column = vscode.l10n.t('Column {0}: {1}', at + 1, vscode.l10n.t(sentence, ...values));
      return `${column} ${problem.filter}`;
    }
    case 'streams':
      return vscode.l10n.t('A colour rule can’t ask for streams: write addresses and ports.');
    case 'too-many':
      return vscode.l10n.t('There are more rules than are used.');
  }
}
