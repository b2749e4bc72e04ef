/** What a person chose; `system` follows the device. */
export type Theme = 'light' | 'dark' | 'system'

const KEY = 'throughline.theme'

const DIRECTION_KEY = 'throughline.direction'

/** Runs before the first paint, so that no page flashes in the wrong theme or turns around. */
export const themeScript = `(function(){
try{if(localStorage.getItem('${DIRECTION_KEY}')==='rtl')document.documentElement.dir='rtl'}catch(e){}
var m=matchMedia('(prefers-color-scheme: dark)');function a(){var c=null;try{c=localStorage.getItem('${KEY}')}catch(e){}
document.documentElement.dataset.theme=c==='dark'||c==='light'?c:m.matches?'dark':'light'}a();m.addEventListener('change',a)})()`

/** The theme chosen in this browser. */
export function storedTheme(): Theme {
  try {
    const value = localStorage.getItem(KEY)
    return value === 'light' || value === 'dark' ? value : 'system'
  } catch {
    return 'system'
  }
}

/** Applies and remembers a theme. */
export function chooseTheme(theme: Theme): void {
  const dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light'
  try {
    if (theme === 'system') localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, theme)
  } catch {
    // Storage is off: the choice holds for this page.
  }
}

/** Turns the page around, or back, and remembers it. */
export function chooseDirection(direction: 'ltr' | 'rtl'): void {
  document.documentElement.dir = direction
  try {
    if (direction === 'ltr') localStorage.removeItem(DIRECTION_KEY)
    else localStorage.setItem(DIRECTION_KEY, direction)
  } catch {
    // Storage is off: the choice holds for this page.
  }
}
