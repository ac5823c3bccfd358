/** Completion of keys, values and names. */
import * as vscode from 'vscode';
import { completionsAt, type Completion } from '../../topology/completion';

const KINDS: Readonly<Record<Completion['kind'], vscode.CompletionItemKind>> = {
  key: vscode.CompletionItemKind.Property,
  value: vscode.CompletionItemKind.Value,
  name: vscode.CompletionItemKind.Reference,
};

const SUGGEST_AGAIN: vscode.Command = { command: 'editor.action.triggerSuggest', title: '' };

export class TopologyCompletions implements vscode.CompletionItemProvider {
  provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): vscode.CompletionItem[] {
    const completions = completionsAt(document.getText(), document.offsetAt(position));
    if (completions === undefined || token.isCancellationRequested) {
      return [];
    }
    const range = new vscode.Range(
      document.positionAt(completions.start),
      document.positionAt(completions.end),
    );
    return completions.items.map((completion, index) => itemOf(completion, range, index));
  }
}

function itemOf(completion: Completion, range: vscode.Range, index: number): vscode.CompletionItem {
  const item = new vscode.CompletionItem(completion.label, KINDS[completion.kind]);
  item.range = range;
  item.insertText = completion.text;
  // The new lines in the text bring their own indentation.
  item.keepWhitespace = true;
  item.filterText = completion.text.startsWith('"') ? `"${completion.label}"` : completion.label;
  // The order of the schema is from what matters most to what matters least.
  item.sortText = String(index).padStart(4, '0');
  item.preselect = completion.isDefault;
  if (completion.isDefault) {
    item.detail = vscode.l10n.t('default');
  }
  if (completion.description !== undefined) {
    item.documentation = new vscode.MarkdownString(vscode.l10n.t(completion.description));
  }
  if (completion.again) {
    item.command = SUGGEST_AGAIN;
  }
  return item;
}
