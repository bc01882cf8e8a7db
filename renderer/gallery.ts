import { mount } from 'svelte';
import Gallery from './gallery/gallery.svelte';
import './styles/tokens.css';
import './styles/base.css';

const target = document.querySelector('#app');
if (target === null) throw new Error('The page has no #app');
mount(Gallery, { target });
