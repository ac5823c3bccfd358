/** Go to definition, references and rename of networks, nodes and interfaces. */
import * as vscode from 'vscode';
import {
  checkNewName,
  occurrenceAt,
  occurrencesIn,
  samePlaces,
  type Occurrence,
} from '../../topology/occurrences';
import type { TopologyDocuments } from '../topology-documents';
import { spanRange } from './editor-ranges';

interface Found {
  readonly all: readonly Occurrence[];
  readonly here: Occurrence;
  readonly rangeOf: (one: Occurrence) => vscode.Range;
}

export class TopologyNavigation
  implements vscode.DefinitionProvider, vscode.ReferenceProvider, vscode.RenameProvider
{
  constructor(private readonly documents: TopologyDocuments) {}

  provideDefinition(document: vscode.TextDocument, position: vscode.Position): vscode.Location | undefined {
    const found = this.find(document, position);
    const definition = found && samePlaces(found.all, found.here).find(one => one.definition);
    return definition && new vscode.Location(document.uri, found.rangeOf(definition));
  }

  provideReferences(
    document: vscode.TextDocument,
    position: vscode.Position,
    { includeDeclaration }: vscode.ReferenceContext,
  ): vscode.Location[] {
    const found = this.find(document, position);
    const places = found ? samePlaces(found.all, found.here) : [];
    return places.flatMap(one =>
      found !== undefined && (includeDeclaration || !one.definition)
        ? [new vscode.Location(document.uri, found.rangeOf(one))]
        : [],
    );
  }

  prepareRename(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): { range: vscode.Range; placeholder: string } {
    const found = this.find(document, position);
    if (found === undefined || !isDefined(found) || isSlot(found.here)) {
      throw new Error(vscode.l10n.t('Only the names of networks, nodes and interfaces can be changed.'));
    }
    return { range: found.rangeOf(found.here), placeholder: found.here.name };
  }

  provideRenameEdits(
    document: vscode.TextDocument,
    position: vscode.Position,
    newName: string,
  ): vscode.WorkspaceEdit | undefined {
    const found = this.find(document, position);
    if (found === undefined || !isDefined(found) || isSlot(found.here)) {
      return undefined;
    }
    switch (checkNewName(found.all, found.here, newName)) {
      case 'bad-name':
        throw new Error(vscode.l10n.t('`{0}` is not a name that can stand here.', newName));
      case 'name-taken':
        throw new Error(vscode.l10n.t('`{0}` is taken.', newName));
      case undefined:
    }
    const edit = new vscode.WorkspaceEdit();
    for (const one of samePlaces(found.all, found.here)) {
      edit.replace(document.uri, found.rangeOf(one), newName);
    }
    return edit;
  }

  private find(document: vscode.TextDocument, position: vscode.Position): Found | undefined {
    const file = this.documents.get(document);
    const all = occurrencesIn(file, document.getText());
    const here = occurrenceAt(all, document.offsetAt(position));
    return here && { all, here, rangeOf: one => spanRange(file.lines, one.span) };
  }
}

/** The name is given in this file, not only used. */
const isDefined = ({ all, here }: Found): boolean =>
  all.some(one => one.definition && one.symbol === here.symbol);

/** Adapters are numbered by VirtualBox, not named. */
const isSlot = ({ symbol, name }: Occurrence): boolean =>
  symbol.startsWith('interface ') && /^[1-8]$/.test(name);
