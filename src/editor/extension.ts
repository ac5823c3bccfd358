/** The extension's entry: makes its parts and ties them together; each part does its own work elsewhere. */
import * as vscode from 'vscode';
import { registerCaptureEditor } from './capture/capture-editor';
import { ColourRulesSetting } from './colour-rules-setting';
import { registerExportCapture } from './commands/export-capture';
import { registerExportDiagram } from './commands/export-diagram';
import { registerOpenInWireshark } from './commands/open-in-wireshark';
import { registerOpenTerminal } from './commands/open-terminal';
import { registerNewFromTemplate } from './commands/new-from-template';
import { registerOpenPreview } from './commands/open-preview';
import { registerPing } from './commands/ping';
import { registerSimulationControls } from './commands/simulation-controls';
import { registerTopologyLanguage } from './language/register';
import { DiagramPanels } from './panel/diagram-panels';
import { panelPlaces } from './panel/panel-html';
import { registerPanelSerializer } from './panel/panel-serializer';
import { TopologyDocuments } from './topology-documents';

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Virtual Network Designer', { log: true });
  const documents = new TopologyDocuments();
  const places = panelPlaces(context.extensionUri);
  const worker = vscode.Uri.joinPath(places.dist, 'simulation-worker.cjs').fsPath;
  const captureWorker = vscode.Uri.joinPath(places.dist, 'capture-worker.cjs').fsPath;
  const colourRules = new ColourRulesSetting();
  const panels = new DiagramPanels({ documents, places, worker, log, colourRules });
  registerTopologyLanguage(context, documents);
  context.subscriptions.push(
    log,
    documents,
    colourRules,
    panels,
    registerPanelSerializer(panels),
    registerOpenPreview(panels),
    registerNewFromTemplate(panels, places.media),
    registerSimulationControls(panels),
    registerPing(panels),
    registerExportCapture(panels, log),
    registerOpenInWireshark(panels, log),
    registerExportDiagram(panels, log),
    registerOpenTerminal(panels),
    registerCaptureEditor({ places, worker: captureWorker, log, colourRules }),
  );
}
