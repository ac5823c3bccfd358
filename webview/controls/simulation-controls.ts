/** The toolbar: runs the simulation, says its time, and opens what else there is to do. */
import { html, render, type TemplateResult } from 'lit';
import type { SimulationRequest, SimulationState } from '../../src/simulation/protocol';
import { t, type PanelString } from '../strings';
import { formatClock } from '../trace/time-format';
import { ICONS } from './icons';
import { DEFAULT_SPEED, SPEEDS, nearestSpeed, speedText } from './speeds';
import type { ValueControl } from './toolkit';

/** What the last `clock` event said; undefined before the first. */
export interface Clock {
  readonly state: SimulationState;
  /** Virtual time in ns. */
  readonly now: number;
  readonly speed: number;
}

export interface SimulationControlsOptions {
  readonly simulate: (request: SimulationRequest) => void;
  /** One step was asked for by hand. */
  readonly stepped: () => void;
  readonly fit: () => void;
  readonly exportCapture: () => void;
  /** Opens or closes the form for a ping. */
  readonly ping: () => void;
}

export class SimulationControls {
  readonly #place: HTMLElement;
  readonly #options: SimulationControlsOptions;
  #clock: Clock | undefined;
  #pinging = false;

  constructor(place: HTMLElement, options: SimulationControlsOptions) {
    this.#place = place;
    this.#options = options;
    this.#draw();
  }

  get clock(): Clock | undefined {
    return this.#clock;
  }

  setClock(clock: Clock | undefined): void {
    const speedChanged = clock?.speed !== this.#clock?.speed;
    this.#clock = clock;
    this.#draw();
    if (speedChanged) {
      this.#showSpeed();
    }
  }

  setPinging(pinging: boolean): void {
    this.#pinging = pinging;
    this.#draw();
  }

  playOrPause(): void {
    if (this.#canRun()) {
      this.#options.simulate({ type: isUnderWay(this.#clock?.state) ? 'pause' : 'play' });
    }
  }

  step(): void {
    if (this.#canRun()) {
      this.#options.stepped();
      this.#options.simulate({ type: 'step' });
    }
  }

  stepBack(): void {
    if (this.#canRun()) {
      this.#options.simulate({ type: 'step-back' });
    }
  }

  /** The button that opened the form takes the focus back. */
  focusPing(): void {
    this.#place.querySelector<HTMLElement>('.ping-button')?.focus();
  }

  #canRun(): boolean {
    return this.#clock !== undefined && this.#clock.state !== 'failed';
  }

  #draw(): void {
    const { label, hint, icon } = playButton(this.#clock?.state);
    render(
      html`<div class="toolbar-group">
          <vscode-button
            class="play-button"
            title=${t(hint)}
            ?disabled=${!this.#canRun()}
            @click=${() => this.playOrPause()}
            ><span slot="start">${icon}</span>${t(label)}</vscode-button
          >
          ${this.#iconButton(
            'step-back-button',
            'Step back to before the newest packet (,)',
            ICONS.stepBack,
            !this.#canRun() || this.#clock?.now === 0,
            () => this.stepBack(),
          )}
          ${this.#iconButton('step-button', 'Step to the next packet (.)', ICONS.step, !this.#canRun(), () => this.step())}
          ${this.#iconButton(
            'restart-button',
            'Restart from time 0',
            ICONS.restart,
            this.#clock === undefined,
            () => this.#options.simulate({ type: 'restart' }),
          )}
        </div>
        <div class="toolbar-group">
          <vscode-dropdown
            class="speed"
            aria-label=${t('Speed')}
            title=${t('Virtual time for each second of real time; 1:10 000 shows one microsecond in ten milliseconds')}
            @change=${(event: Event) => this.#speedChosen(event)}
            >${SPEEDS.map(
              speed =>
                html`<vscode-option value=${String(speed)} ?selected=${speed === DEFAULT_SPEED}
                  >${speedText(speed)}</vscode-option
                >`,
            )}</vscode-dropdown
          >
          <output class="clock" title="${t('Virtual time')}: ${this.#stateText()}" aria-live="off"
            ><span class="clock-time">t = ${formatClock(this.#clock?.now ?? 0)} s</span
            ><span class="clock-state">${this.#stateText()}</span></output
          >
        </div>
        <div class="toolbar-group toolbar-end">
          <vscode-button
            class="ping-button"
            appearance="secondary"
            aria-expanded=${this.#pinging}
            ?disabled=${!this.#canRun()}
            @click=${() => this.#options.ping()}
            >${t('Ping…')}</vscode-button
          >
          ${this.#iconButton('fit-button', 'Fit the diagram to its pane', ICONS.fit, false, () => this.#options.fit())}
          ${this.#iconButton(
            'export-button',
            'Export capture (pcapng)…',
            ICONS.export,
            this.#clock === undefined,
            () => this.#options.exportCapture(),
          )}
        </div>`,
      this.#place,
    );
  }

  #iconButton(
    name: string,
    label: PanelString,
    icon: TemplateResult,
    disabled: boolean,
    act: () => void,
  ): TemplateResult {
    return html`<vscode-button
      class=${name}
      appearance="icon"
      aria-label=${t(label)}
      title=${t(label)}
      ?disabled=${disabled}
      @click=${act}
      >${icon}</vscode-button
    >`;
  }

  #stateText(): string {
    switch (this.#clock?.state) {
      case undefined:
        return t('The simulation is not ready yet');
      case 'paused':
        return t('paused');
      case 'playing':
        return t('playing');
      case 'seeking':
        return t('going to that moment…');
      case 'finished':
        return t('finished: nothing is left to happen');
      case 'failed':
        return t('failed');
    }
  }

  #speedChosen(event: Event): void {
    const speed = Number((event.target as ValueControl).value);
    if (Number.isFinite(speed) && speed > 0 && speed !== this.#clock?.speed) {
      this.#options.simulate({ type: 'speed', speed });
    }
  }

  /** The dropdown knows its options only after the frame in which it was made. */
  #showSpeed(): void {
    requestAnimationFrame(() => {
      const speeds = this.#place.querySelector<ValueControl>('.speed');
      if (speeds !== null && this.#clock !== undefined) {
        speeds.value = String(nearestSpeed(this.#clock.speed));
      }
    });
  }
}

function isUnderWay(state: SimulationState | undefined): boolean {
  return state === 'playing' || state === 'seeking';
}

/** Play of a finished simulation begins anew. */
function playButton(state: SimulationState | undefined): {
  readonly label: PanelString;
  readonly hint: PanelString;
  readonly icon: TemplateResult;
} {
  switch (state) {
    case 'playing':
      return { label: 'Pause', hint: 'Pause (Space)', icon: ICONS.pause };
    case 'seeking':
      return { label: 'Pause', hint: 'Pause (Space)', icon: ICONS.pause };
    case 'finished':
      return { label: 'Play again', hint: 'Play again from time 0 (Space)', icon: ICONS.play };
    case 'paused':
    case 'failed':
    case undefined:
      return { label: 'Play', hint: 'Play (Space)', icon: ICONS.play };
  }
}
