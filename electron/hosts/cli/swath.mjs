#!/usr/bin/env node
/** `npm run -s swath -- …` on a fresh clone: installs when needed, then hands over to main.ts on Node 24. */
import { ensureInstalled, runNode } from '../ensure.mjs';

ensureInstalled();
runNode('electron/hosts/cli/main.ts', process.argv.slice(2));
