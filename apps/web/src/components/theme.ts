import type { Language } from '@/text/language'

/** How the interface looks, moves and speaks; `system` follows the device. */
export interface Appearance {
  readonly theme: 'system' | 'light' | 'dark'
  readonly motion: 'system' | 'reduced'
  /** Which way pages are laid out. */
  readonly direction: 'ltr' | 'rtl'
  readonly language: 'system' | Language
}

const EVENT = 'throughline:appearance'

/**
 * Runs before the first paint, so that no page flashes in the wrong theme or turns around, and again whenever something
 * is chosen, here or by the device.
 */
export const appearanceScript = `(function(){
var d=matchMedia('(prefers-color-scheme: dark)'),r=document.documentElement,c={};
function g(n){if(c[n])return c[n];try{return localStorage.getItem('throughline.'+n)}catch(e){return null}}
function a(){var t=g('theme');r.dataset.theme=t==='dark'||t==='light'?t:d.matches?'dark':'light';
if(g('motion')==='reduced')r.dataset.motion='reduced';else delete r.dataset.motion;r.dir=g('direction')==='rtl'?'rtl':'ltr'}
a();d.addEventListener('change',a);addEventListener('${EVENT}',function(e){c=e.detail;a()})})()`

/** Shows what was chosen, whether or not this browser can remember it. */
export function applyAppearance(appearance: Appearance): void {
  dispatchEvent(new CustomEvent(EVENT, { detail: appearance }))
}
