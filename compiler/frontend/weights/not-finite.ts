import { isWeight, type Graph } from '../../ir/graph.ts';
import type { Complaint } from '../../support/refusal.ts';

/** So many are listed; of the others their number is said. */
const LISTED = 8;

/** What is said of weights that hold NaN or infinities, if any do: whatever reads them becomes NaN too. */
export function notFinite(graph: Graph): Complaint | undefined {
  const found = graph.nodes.filter(isWeight).flatMap(({ name, data }) => {
    let [nan, infinite] = [0, 0];
    for (const value of data ?? []) {
      if (Number.isNaN(value)) nan++;
      else if (!Number.isFinite(value)) infinite++;
    }
    const counts = [...(nan > 0 ? [`${nan} NaN`] : []), ...(infinite > 0 ? [`${infinite} infinite`] : [])];
    return counts.length > 0 ? [`${name} (${counts.join(', ')})`] : [];
  });
  if (found.length === 0) return undefined;
  const others = found.length - LISTED;
  return {
    code: 'W105',
    message: `not all weights are finite numbers: ${found.slice(0, LISTED).join(', ')}${others > 0 ? `, and ${others} more` : ''}`,
    help: 'training that diverged leaves such weights, and so do numbers beyond float32; outputs that depend on them are NaN',
  };
}
