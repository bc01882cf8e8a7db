import { mount } from 'svelte';
import App from './app.svelte';
import { StudioState } from './state/studio.svelte.ts';
import './styles/tokens.css';
import './styles/base.css';

const target = document.querySelector('#app');
if (target === null) throw new Error('The page has no #app');
const studio = new StudioState();
void studio.run();
mount(App, { target, props: { studio } });
