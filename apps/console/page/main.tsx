import { render } from 'preact';
import { keepAddress } from './address';
import { followBaselineRun } from './baseline';
import { announceHeadline } from './headline/headline';
import { listenToKeys } from './keys';
import { follow } from './live';
import { Page } from './page';
import { applyTheme } from './theme';
import './style.css';
import 'uplot/dist/uPlot.min.css';

applyTheme();
keepAddress();
follow();
followBaselineRun();
announceHeadline();
listenToKeys();
render(<Page />, document.getElementById('page') as HTMLElement);
