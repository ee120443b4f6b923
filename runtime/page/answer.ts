import type { Picture } from '../inputs.ts';
import type { Model } from '../session.ts';
import { percentOf, ranked, showRanking } from './ranking.ts';

/** Elements that compiler/bundle/html.ts writes. */
export interface AnswerPlaces {
  readonly ranking: HTMLElement;
  /** A line below the ranking. */
  readonly status: HTMLElement;
  /** What screen readers say, and nobody sees. */
  readonly spoken: HTMLElement;
}

export interface Answer {
  /** Shows what the model finds in a picture, unless something newer came meanwhile. */
  look(picture: Picture, from?: 'camera'): Promise<void>;
  /** Whether nothing newer came since this was called: what is underway counts no more. */
  begin(): () => boolean;
  /** Takes away what was found, and says this instead. */
  replace(text: string): void;
  /** Says this beside what was found. */
  say(text: string): void;
}

/** Where the page answers; `answered` is called whenever it did. */
export function openAnswer(model: Model, places: AnswerPlaces, answered: () => void): Answer {
  const { ranking, status } = places;
  const voice = openVoice(places.spoken);
  let newest = 0;
  const begin = () => {
    const mine = ++newest;
    return () => mine === newest;
  };
  const say = (text: string) => {
    status.textContent = text;
    voice.say(text);
  };
  const replace = (text: string) => {
    begin();
    ranking.replaceChildren();
    say(text);
  };
  return {
    begin,
    replace,
    say,
    async look(picture, from) {
      const isNewest = begin();
      if (from !== 'camera') voice.hush();
      try {
        const begun = performance.now();
        const outputs = await model.run(picture);
        const [{ name, labels }] = model.outputs as readonly [Model['outputs'][number]];
        if (!isNewest()) return;
        const classes = ranked([...outputs[name]!], labels);
        showRanking(ranking, classes);
        status.textContent = `Answered in ${(performance.now() - begun).toFixed(1)} ms.`;
        const [best] = classes;
        if (best) voice.sayAtRest(best.name, `${best.name}, ${percentOf(best)}`);
        answered();
      } catch (error) {
        if (isNewest()) replace(`That did not work: ${messageOf(error)}`);
      }
    },
  };
}

/** Milliseconds after which an answer that stays the same is said. */
const REST = 1000;

/**
 * What screen readers say. Answers come with every move of the pen and every frame of the camera: they are said
 * when they have stayed the same for a while, once.
 */
function openVoice(region: HTMLElement) {
  let waiting: string | undefined;
  let newest = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hush = () => {
    clearTimeout(timer);
    waiting = undefined;
    region.textContent = '';
  };
  return {
    /** Forgets what was to be said: the same answer to something else is said again. */
    hush,
    say(text: string): void {
      hush();
      region.textContent = text;
    },
    sayAtRest(best: string, text: string): void {
      newest = text;
      if (best === waiting) return;
      hush();
      waiting = best;
      timer = setTimeout(() => (region.textContent = newest), REST);
    },
  };
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
