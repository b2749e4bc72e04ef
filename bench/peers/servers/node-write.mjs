import { servePlain } from './plain.mjs'

servePlain((response) => (frame) => response.write(frame))
