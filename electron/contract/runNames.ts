/** What a kind of run is called, in the window and by what the system shows: tray, menus, notifications. */
import type { RunKind } from './run.ts';
import type { Spoken } from './tongue.ts';

export const runNames: Readonly<Record<Spoken, Readonly<Record<RunKind, string>>>> = {
  en: {
    statistics: 'Statistics',
    overviews: 'Overviews',
    pretrain: 'Pretraining',
    train: 'Training',
    map: 'Mapping',
    assess: 'Assessment',
    'learn-curve': 'Learning curve',
    suggest: 'Suggestions',
    sample: 'Sample',
    embed: 'Encoder view',
    export: 'Export',
    bench: 'Benchmark',
  },
  de: {
    statistics: 'Statistik',
    overviews: 'Übersichten',
    pretrain: 'Vorlernen',
    train: 'Training',
    map: 'Kartierung',
    assess: 'Genauigkeitsprüfung',
    'learn-curve': 'Lernkurve',
    suggest: 'Vorschläge',
    sample: 'Stichprobe',
    embed: 'Encoder-Ansicht',
    export: 'Export',
    bench: 'Leistungsmessung',
  },
};
