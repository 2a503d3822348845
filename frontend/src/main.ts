import { mount } from 'svelte'
import App from './App.svelte'
import { fence } from './shell/fence'
import './style.css'

fence()

const target = document.getElementById('app')
if (!target) throw new Error('index.html has no place for the window')
mount(App, { target })
