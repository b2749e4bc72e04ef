'use client'

import { Component, type ReactNode, type RefObject } from 'react'

interface KeepSelectionProps {
  /** What holds `children`, and changes with them alone. */
  readonly root: RefObject<HTMLElement | null>
  readonly children: ReactNode
}

interface Point {
  readonly node: Node
  readonly offset: number
  /** Characters of the root before it, for when its node is replaced. */
  readonly before: number
}

interface Marked {
  readonly anchor: Point
  readonly focus: Point
}

/**
 * Lets a reader select and copy text that still grows: a browser lets go of what is selected in a text that changes.
 * A class, for only a class is asked before the page changes.
 */
export class KeepSelection extends Component<KeepSelectionProps> {
  override getSnapshotBeforeUpdate(): Marked | null {
    const root = this.props.root.current
    const selection = getSelection()
    if (root === null || selection === null || selection.isCollapsed) return null
    const { anchorNode, anchorOffset, focusNode, focusOffset } = selection
    if (!root.contains(anchorNode) && !root.contains(focusNode)) return null
    const anchor = pointAt(root, anchorNode, anchorOffset)
    const focus = pointAt(root, focusNode, focusOffset)
    return anchor === undefined || focus === undefined ? null : { anchor, focus }
  }

  override componentDidUpdate(_props: unknown, _state: unknown, marked: Marked | null): void {
    const root = this.props.root.current
    const selection = getSelection()
    if (marked === null || root === null || selection === null) return
    const [anchor, focus] = [placeOf(root, marked.anchor), placeOf(root, marked.focus)]
    const { anchorNode, anchorOffset, focusNode, focusOffset } = selection
    const isKept =
      anchorNode === anchor.node &&
      anchorOffset === anchor.offset &&
      focusNode === focus.node &&
      focusOffset === focus.offset
    if (!isKept) selection.setBaseAndExtent(anchor.node, anchor.offset, focus.node, focus.offset)
  }

  override render(): ReactNode {
    return this.props.children
  }
}

function pointAt(root: HTMLElement, node: Node | null, offset: number): Point | undefined {
  if (node === null) return undefined
  if (!root.contains(node)) return { node, offset, before: 0 }
  const range = document.createRange()
  range.setStart(root, 0)
  range.setEnd(node, offset)
  return { node, offset, before: range.toString().length }
}

/** Where a point is now. */
function placeOf(root: HTMLElement, { node, offset, before }: Point): { node: Node; offset: number } {
  if (node.isConnected) return { node, offset: Math.min(offset, lengthOf(node)) }
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  let left = before
  for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
    const length = lengthOf(text)
    if (left <= length) return { node: text, offset: left }
    left -= length
  }
  return { node: root, offset: root.childNodes.length }
}

function lengthOf(node: Node): number {
  return node.nodeValue?.length ?? node.childNodes.length
}
