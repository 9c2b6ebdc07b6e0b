import { render } from 'preact';
import { listenToKeys } from './keys';
import { follow } from './live';
import { Page } from './page';
import { applyTheme } from './theme';
import './style.css';
import 'uplot/dist/uPlot.min.css';

applyTheme();
follow();
listenToKeys();
render(<Page />, document.getElementById('page') as HTMLElement);
