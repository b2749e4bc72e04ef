/** What a key does wherever the focus is. */
export type KeyAction = 'palette' | 'shortcuts' | 'new' | 'library' | 'prompt'

interface Pressed {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
  readonly altKey: boolean
  readonly isComposing: boolean
}

/** The action of a key; `undefined` for one that is somebody else's. @param writing the focus is where one writes */
export function actionOf(pressed: Pressed, writing: boolean): KeyAction | undefined {
  if (pressed.isComposing || pressed.altKey) return undefined
  const key = pressed.key.toLowerCase()
  if (pressed.ctrlKey || pressed.metaKey) {
    if (key === 'k' && !pressed.shiftKey) return 'palette'
    if (key === 'o' && pressed.shiftKey) return 'new'
    return undefined
  }
  if (writing) return undefined
  if (key === '?') return 'shortcuts'
  if (key === '/') return 'prompt'
  return key === 'l' && !pressed.shiftKey ? 'library' : undefined
}
